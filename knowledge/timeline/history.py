"""One intention with everything that was said of it: its versions and its notices."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.store import aware
from knowledge.timeline.gathering import TEMPLATE
from knowledge.timeline.necessity import Necessity, tender_notice
from knowledge.timeline.nouns import Intention, Kind, Statement, Terms, Version
from knowledge.timeline.references import go_by
from knowledge.workdays import day_of

_AT_ONCE = 400


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
    row = connection.execute(sa.select(table).where(go_by([reference]))).first()
    if row and row.joined_to:
        row = connection.execute(sa.select(table).where(table.c.id == row.joined_to)).first()
    return _whole(row, versions_of(connection, row.id), notices_of(connection, row.id), now) if row else None


def everything(connection: Connection, now: datetime, *, own_only: bool = False) -> Iterator[Whole]:
    """Every intention, public or not, in the order of their references' numbers; the council's only where asked."""
    table = tables.intention
    query = sa.select(table).where(table.c.joined_to.is_(None)).order_by(table.c.id)
    rows = connection.execute(query.where(table.c.own.is_(True)) if own_only else query).all()
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        notices = _notices_of(connection, [row.id for row in part])
        yield from (_whole(row, [], notices.get(row.id, []), now) for row in part)


def _whole(row: Any, versions: list[Version], notices: list[Statement], now: datetime) -> Whole:
    terms = Terms.model_validate(row.about)
    published = aware(row.shown_at).date() if row.shown_at else None
    intention = Intention(
        id=row.id, reference=row.reference, version=row.version, own=row.own, buyer=row.buyer, held=row.held,
        published=published, terms=terms,
    )  # fmt: skip
    necessity = tender_notice(terms, notices, day_of(now), row.own_terms.get("related", {}).get("value") or ())
    return Whole(intention, versions, notices, necessity)


def versions_of(connection: Connection, id: int, *, released: bool = False) -> list[Version]:
    """The versions of an intention, the newest first. `released`: those everybody may read."""
    table = tables.intention_version
    query = sa.select(table).where(table.c.intention == id).order_by(table.c.number.desc())
    rows = connection.execute(query.where(table.c.released_at.is_not(None)) if released else query)
    return [version_of(row) for row in rows]


class Released(NamedTuple):
    """A version that everybody may read, with what it is a version of."""

    reference: str
    title: str
    own: bool
    version: Version


def newest_changes(
    connection: Connection, count: int, *, everyone: bool = False, kinds: Collection[Kind] = tuple(Kind)
) -> list[Released]:
    """The last released versions of these kinds, the newest first: of the council's intentions, or everybody's."""
    version, table = tables.intention_version, tables.intention
    query = (
        sa.select(version, table.c.reference, table.c.title, table.c.own)
        .join(table, table.c.id == version.c.intention)
        .where(version.c.released_at.is_not(None), table.c.shown_at.is_not(None))
        .where(version.c.kind.in_([kind.value for kind in kinds]))
        .order_by(version.c.released_at.desc(), version.c.intention.desc(), version.c.number.desc())
        .limit(count)
    )
    rows = connection.execute(query if everyone else query.where(table.c.own.is_(True)))
    return [Released(row.reference, row.title, row.own, version_of(row)) for row in rows]


def notices_of(connection: Connection, id: int) -> list[Statement]:
    """The notices of an intention, the oldest first."""
    return _notices_of(connection, [id]).get(id, [])


def _notices_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[Statement]]:
    table = tables.notice
    query = sa.select(table.c.intention, table.c.about).where(table.c.intention.in_(ids), table.c.source != TEMPLATE)
    found: dict[int, list[Statement]] = {}
    for row in connection.execute(query.order_by(table.c.at, table.c.number)):
        found.setdefault(row.intention, []).append(Statement.model_validate(row.about))
    return found


def version_of(row: Any) -> Version:
    """A version from its row."""
    return Version(
        number=row.number, at=aware(row.at), said_at=aware(row.said_at),
        released_at=aware(row.released_at) if row.released_at else None, kind=row.kind, changes=row.changes,
        reason=row.reason, by=row.by,
    )  # fmt: skip
