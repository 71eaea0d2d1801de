"""One intention with everything that was said of it: its versions and its notices."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.store import aware
from knowledge.timeline.book import TEMPLATE
from knowledge.timeline.necessity import Necessity, tender_notice
from knowledge.timeline.nouns import Intention, Statement, Terms, Version
from knowledge.workdays import day_of


class Whole(NamedTuple):
    """An intention as the council sees it: the newest version, public or not, the others, and what notices say."""

    intention: Intention
    versions: list[Version]
    notices: list[Statement]
    necessity: Necessity


def whole(connection: Connection, reference: str, now: datetime) -> Whole | None:
    """The intention of a reference, whatever its case, with its versions, the newest first, and its notices, the
    oldest first. None where there is none."""
    table = tables.intention
    query = sa.select(table).where(sa.func.lower(table.c.reference) == reference.casefold())
    row = connection.execute(query).first()
    if row is None:
        return None
    terms, notices = Terms.model_validate(row.about), notices_of(connection, row.id)
    published = aware(row.shown_at).date() if row.shown_at else None
    intention = Intention(
        id=row.id, reference=row.reference, version=row.version, own=row.own, buyer=row.buyer, held=row.held,
        published=published, terms=terms,
    )  # fmt: skip
    necessity = tender_notice(terms, notices, day_of(now), row.own_terms.get("related", {}).get("value") or ())
    return Whole(intention, versions_of(connection, row.id), notices, necessity)


def versions_of(connection: Connection, id: int, *, released: bool = False) -> list[Version]:
    """The versions of an intention, the newest first. `released`: those everybody may read."""
    table = tables.intention_version
    query = sa.select(table).where(table.c.intention == id).order_by(table.c.number.desc())
    rows = connection.execute(query.where(table.c.released_at.is_not(None)) if released else query)
    return [_version(row) for row in rows]


class Released(NamedTuple):
    """A version that everybody may read, with what it is a version of."""

    reference: str
    title: str
    own: bool
    version: Version


def newest_changes(connection: Connection, count: int, *, everyone: bool = False) -> list[Released]:
    """The last released versions, the newest first: those of the council's intentions, or everybody's."""
    version, table = tables.intention_version, tables.intention
    query = (
        sa.select(version, table.c.reference, table.c.title, table.c.own)
        .join(table, table.c.id == version.c.intention)
        .where(version.c.released_at.is_not(None), table.c.shown_at.is_not(None))
        .order_by(version.c.released_at.desc(), version.c.intention.desc(), version.c.number.desc())
        .limit(count)
    )
    rows = connection.execute(query if everyone else query.where(table.c.own.is_(True)))
    return [Released(row.reference, row.title, row.own, _version(row)) for row in rows]


def notices_of(connection: Connection, id: int) -> list[Statement]:
    """The notices of an intention, the oldest first."""
    table = tables.notice
    query = sa.select(table.c.about).where(table.c.intention == id, table.c.source != TEMPLATE).order_by(table.c.at)
    return [Statement.model_validate(row.about) for row in connection.execute(query)]


def _version(row: sa.Row) -> Version:  # type: ignore[type-arg]
    return Version(
        number=row.number, at=aware(row.at), said_at=aware(row.said_at),
        released_at=aware(row.released_at) if row.released_at else None, kind=row.kind, changes=row.changes,
        reason=row.reason, by=row.by,
    )  # fmt: skip
