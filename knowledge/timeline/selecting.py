"""Choosing intentions: what the filters of a page, a feed or a question ask for, as a query of the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.periods import Period
from knowledge.store import aware
from knowledge.text import STOPWORDS, words
from knowledge.timeline.nouns import Route, Stage, State, Terms

_COMING = ("engagement", "tender", "closes", "award", "start")
"""What can still lie ahead of a provider; an end is no event of the timeline."""
SURE = 0.7
"""From which share on an intention counts as of a kind of service."""


@dataclass(frozen=True)
class Wish:
    """What is asked for; what is left out asks for nothing. `words`: as typed, each of which must stand in it;
    `kinds`: keys of the catalogue, any of them; `low`, `high`: pounds; `period`: something happens in it, `what` says
    what (tender, start ...; none: anything), `or_open` that it may also be open to bids then; `past`: also what is
    awarded, withdrawn or over; `everyone`: other buyers' too."""

    words: str = ""
    directorate: str = ""
    kinds: frozenset[str] = frozenset()
    district: str = ""
    low: int | None = None
    high: int | None = None
    stage: Stage | None = None
    routes: frozenset[Route] = frozenset()
    states: frozenset[State] = frozenset()
    period: Period | None = None
    what: tuple[str, ...] = ()
    or_open: bool = False
    sme: bool = False
    vcse: bool = False
    past: bool = False
    everyone: bool = False


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
    """Public intentions by reference, whatever its case, in the order asked for; those there are not are left out."""
    table = tables.intention
    wanted = [reference.casefold() for reference in references]
    where = sa.and_(table.c.shown_at.is_not(None), sa.func.lower(table.c.reference).in_(wanted))
    rows = {row.reference.casefold(): row for row in connection.execute(sa.select(*_COLUMNS).where(where))}
    kinds = kinds_of(connection, [row.id for row in rows.values()])
    return [_shown(rows[one], kinds.get(rows[one].id, ())) for one in wanted if one in rows]


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


def fitting(wish: Wish, day: date) -> Any:
    """A wish as a condition on the table of intentions: of what everybody may read."""
    table = tables.intention
    found: list[Any] = [table.c.shown_at.is_not(None)]
    if not wish.everyone:
        found.append(table.c.own.is_(True))
    if not wish.past:
        found.append(_to_come(day))
    found += [table.c.words.contains(f" {stem} ", autoescape=True) for stem in wanted_stems(wish.words)]
    if wish.directorate:
        found.append(table.c.directorate == wish.directorate)
    if wish.district:
        found.append(sa.or_(table.c.districts == "", table.c.districts.contains(f"|{wish.district}|", autoescape=True)))
    if wish.stage:
        found.append(table.c.stage == wish.stage.value)
    if wish.routes:
        found.append(table.c.route.in_([route.value for route in wish.routes]))
    if wish.states:
        found.append(table.c.state.in_([state.value for state in wish.states]))
    return sa.and_(*found, *_of_value(wish), *_of_kind(wish), *_in_period(wish), *_suited(wish))


def _to_come(day: date) -> Any:
    """Neither awarded nor withdrawn nor, as far as its times say, over: bids for it can still be thought of."""
    table = tables.intention
    over = sa.and_(table.c.last_day.is_not(None), table.c.last_day < day)
    return sa.and_(table.c.state.not_in([State.AWARDED.value, State.WITHDRAWN.value]), sa.not_(over))


def _of_value(wish: Wish) -> list[Any]:
    """The bands overlap. What has no value is in none."""
    table = tables.intention
    low, high = sa.func.coalesce(table.c.low, table.c.high), sa.func.coalesce(table.c.high, table.c.low)
    return [
        *([high >= wish.low] if wish.low is not None else []),
        *([low <= wish.high] if wish.high is not None else []),
    ]


def _of_kind(wish: Wish) -> list[Any]:
    if not wish.kinds:
        return []
    kind = tables.intention_kind
    query = sa.select(kind.c.intention).where(kind.c.kind.in_(sorted(wish.kinds)), kind.c.share >= SURE)
    return [tables.intention.c.id.in_(query)]


def _in_period(wish: Wish) -> list[Any]:
    if not wish.period:
        return []
    table, happens = tables.intention, tables.intention.c.id.in_(happening(wish.period, wish.what))
    if not wish.or_open:
        return [happens]
    begun, not_over = table.c.first_day <= wish.period.last, table.c.closes >= wish.period.first
    return [sa.or_(happens, sa.and_(table.c.state == State.OPEN.value, begun, not_over))]


def happening(period: Period, what: Sequence[str] = ()) -> Any:
    """The intentions of which something happens in a period, as a query. `what`: what it is to be; none: anything."""
    time = tables.intention_time
    return sa.select(time.c.intention).where(
        time.c.what.in_(what or _COMING), time.c.first <= period.last, time.c.last >= period.first
    )


def _suited(wish: Wish) -> list[Any]:
    """What somebody said is suited, in the terms that are shown."""
    shown = tables.intention.c.shown
    return [
        *([shown["sme"].as_boolean().is_(True)] if wish.sme else []),
        *([shown["vcse"].as_boolean().is_(True)] if wish.vcse else []),
    ]


def _ahead(day: date) -> Any:
    """The next thing to happen to each intention, as a table: the earliest time that has not passed."""
    time = tables.intention_time
    query = sa.select(time.c.intention, sa.func.min(time.c.last).label("next"))
    return query.where(time.c.last >= day, time.c.what.in_(_COMING)).group_by(time.c.intention).subquery()


def wanted_stems(text: str) -> list[str]:
    """The stems of what was typed, the little words left out."""
    return [one.stem for one in words(text) if one.surface not in STOPWORDS][:12]
