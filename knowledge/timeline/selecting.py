"""Intentions as everybody may read them: those a wish chooses, those of a reference, and what there is to choose by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.store import aware
from knowledge.timeline.nouns import Terms
from knowledge.timeline.references import go_by
from knowledge.timeline.wishing import COMING, SURE, Wish, fitting


class Shown(NamedTuple):
    """An intention as everybody may read it. `since`: when this version was released."""

    id: int
    reference: str
    buyer: str
    own: bool
    version: int
    since: datetime
    terms: Terms
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What was found. `total`: how many there are; `shown`: those of the page that was asked for."""

    total: int
    shown: list[Shown] = field(default_factory=list)


def select(
    connection: Connection, wish: Wish, day: date, *, first: int = 0, count: int | None = 50, newest: bool = False
) -> Found:
    """The public intentions of a wish: what happens next first, what has no time last; `newest`: by release, the
    newest first. `day`: today, from which on a time is to come; `first`, `count`: the part of them that is wanted."""
    table = tables.intention
    where = fitting(wish, day)
    total = connection.execute(sa.select(sa.func.count()).select_from(table).where(where)).scalar_one()
    query = sa.select(table.c.id).where(where).offset(first)
    if newest:
        query = query.order_by(table.c.shown_at.desc(), table.c.id.desc())
    else:
        ahead = _ahead(day)
        query = query.outerjoin_from(table, ahead, ahead.c.intention == table.c.id)
        query = query.order_by(ahead.c.next.nulls_last(), table.c.id)
    ids = connection.execute(query.limit(count) if count is not None else query).scalars().all()
    return Found(total, _by_ids(connection, ids))


def _by_ids(connection: Connection, ids: Sequence[int]) -> list[Shown]:
    """Intentions in this order: their terms are read only now, for sorting all of them with their terms is slow."""
    kinds, rows = kinds_of(connection, ids), {}
    for start in range(0, len(ids), 400):
        query = sa.select(*_COLUMNS).where(tables.intention.c.id.in_(ids[start : start + 400]))
        rows.update({row.id: row for row in connection.execute(query)})
    return [_shown(rows[id], kinds.get(id, ())) for id in ids]


def shown_of(connection: Connection, references: Sequence[str]) -> list[Shown]:
    """Public intentions by reference, whatever its case, in the order asked for; those there are not are left out. What
    has been joined to another gives the other."""
    table = tables.intention
    query = sa.select(table.c.reference, sa.func.coalesce(table.c.joined_to, table.c.id)).where(go_by(references))
    ids = {name.casefold(): id for name, id in connection.execute(query)}
    wanted = dict.fromkeys(ids[one.casefold()] for one in references if one.casefold() in ids)
    public = sa.select(table.c.id).where(table.c.shown_at.is_not(None), table.c.id.in_(wanted))
    found = set(connection.execute(public).scalars())
    return _by_ids(connection, [id for id in wanted if id in found])


def kinds_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The kinds of service of intentions, the best first."""
    table = tables.intention_kind
    found: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(ids), 400):
        query = sa.select(table).where(table.c.intention.in_(ids[start : start + 400])).order_by(table.c.share.desc())
        for row in connection.execute(query):
            found[row.intention] = (*found.get(row.intention, ()), row.kind)
    return found


class Choices(NamedTuple):
    """What there is to choose by: each with how many public intentions have it, the council's unless everybody's are
    asked for."""

    directorates: dict[str, int]
    kinds: dict[str, int]
    districts: dict[str, int]
    stages: dict[str, int]
    first: date | None
    last: date | None


def choices(connection: Connection, wish: Wish, day: date) -> Choices:
    """What the intentions of a wish can be chosen by further."""
    table, where, kind = tables.intention, fitting(wish, day), tables.intention_kind
    of_kind = (
        sa.select(kind.c.kind, sa.func.count())
        .join(table, table.c.id == kind.c.intention)
        .where(where, kind.c.share >= SURE)
        .group_by(kind.c.kind)
    )
    together = (table.c.directorate, table.c.districts, table.c.stage)
    ends = sa.func.min(table.c.first_day), sa.func.max(table.c.last_day)
    rows = connection.execute(sa.select(*together, sa.func.count(), *ends).where(where).group_by(*together)).all()
    firsts, lasts = [row[4] for row in rows if row[4]], [row[5] for row in rows if row[5]]
    return Choices(
        _counted((row.directorate, row[3]) for row in rows),
        {row[0]: row[1] for row in connection.execute(of_kind)},
        _counted((name, row[3]) for row in rows for name in row.districts.strip("|").split("|")),
        _counted((row.stage, row[3]) for row in rows),
        min(firsts, default=None), max(lasts, default=None),
    )  # fmt: skip


def _counted(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Names with how many there are, by name."""
    counted: dict[str, int] = {}
    for name, count in found:
        if name:
            counted[name] = counted.get(name, 0) + count
    return dict(sorted(counted.items()))


def held_own(connection: Connection) -> bool:
    """Whether any public intention is the council's own: where none is, pages show everybody's."""
    table = tables.intention
    query = sa.select(table.c.id).where(table.c.own.is_(True), table.c.shown_at.is_not(None)).limit(1)
    return connection.execute(query).first() is not None


_COLUMNS = tuple(
    tables.intention.c[name]
    for name in ("id", "reference", "buyer", "own", "shown_version", "shown_at", "shown", "closes")
)


def _shown(row: Any, kinds: tuple[str, ...]) -> Shown:
    terms = Terms.model_validate(row.shown)
    return Shown(row.id, row.reference, row.buyer, row.own, row.shown_version, aware(row.shown_at), terms, kinds)


def _ahead(day: date) -> Any:
    """The next thing to happen to each intention, as a table: the earliest time that has not passed."""
    time = tables.intention_time
    query = sa.select(time.c.intention, sa.func.min(time.c.last).label("next"))
    return query.where(time.c.last >= day, time.c.what.in_(COMING)).group_by(time.c.intention).subquery()
