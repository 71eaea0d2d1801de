"""Tenders for the same market at about the same time: a small provider can write one bid at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.timeline.differing import as_record
from knowledge.timeline.entry import Entry
from knowledge.timeline.nouns import Route, State, Terms
from knowledge.timeline.showing import Shower
from knowledge.timeline.wishing import SURE

CLOSE = timedelta(weeks=6)
"""Tenders that come out so near each other clash."""
_VAGUEST = timedelta(days=92)
"""A time longer than a quarter says too little of when: it clashes with nothing."""
_NO_TENDER = frozenset({Route.IN_HOUSE, Route.GRANT, Route.DIRECT})
_OVER = (State.AWARDED.value, State.WITHDRAWN.value)
_CPV_DIGITS = 4


class Tender(NamedTuple):
    """A tender of the council's. `first`, `last`: the days between which it comes out; `markets`: kinds of service
    ("s:home-care") and openings of CPV codes ("c:8531"); `districts`: none for the whole county."""

    reference: str
    title: str
    first: date
    last: date
    markets: frozenset[str]
    districts: frozenset[str]


class Clash(NamedTuple):
    """Two tenders for the same market. `one` comes out first; `days`: between the two, 0 where they may fall together;
    `shared`: what they have in common."""

    one: Tender
    other: Tender
    days: int
    shared: frozenset[str]


def clashes(connection: Connection, day: date) -> list[Clash]:
    """All there are of what everybody may read, the soonest first. Of two, one is still to come on `day`."""
    by_market: dict[str, list[Tender]] = defaultdict(list)
    for one in sorted(tenders(connection, day - CLOSE - _VAGUEST, date.max), key=_when):
        for market in one.markets:
            by_market[market].append(one)
    found: dict[tuple[str, str], Clash] = {}
    for near in by_market.values():
        for one, other in _near(near):
            pair = (one.reference, other.reference)
            if pair not in found and (clash := clash_of(one, other, day)):
                found[pair] = clash
    return sorted(found.values(), key=lambda clash: (_when(clash.one), _when(clash.other)))


def _near(found: list[Tender]) -> Iterator[tuple[Tender, Tender]]:
    """Pairs that may be close, of tenders in their order."""
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            if other.first - one.last > CLOSE:
                break
            yield one, other


def clashes_with(connection: Connection, tender: Tender, day: date) -> list[Clash]:
    """The tenders that one would clash with, the soonest first."""
    near = tenders(connection, tender.first - CLOSE - _VAGUEST, tender.last + CLOSE)
    pairs = (sorted((tender, one), key=_when) for one in near if one.reference != tender.reference)
    found = [clash_of(one, other, day) for one, other in pairs]
    return sorted((one for one in found if one), key=lambda clash: (_when(clash.one), _when(clash.other)))


def clash_of(one: Tender, other: Tender, day: date) -> Clash | None:
    """Whether two tenders clash, the earlier given first."""
    days = max(0, (other.first - one.last).days)
    apart = one.districts and other.districts and not one.districts & other.districts
    if timedelta(days=days) > CLOSE or apart or max(one.last, other.last) < day:
        return None
    shared = one.markets & other.markets
    return Clash(one, other, days, shared) if shared else None


def tender_of(connection: Connection, reference: str, terms: Terms) -> Tender | None:
    """What is going to be said of an intention, as a tender; None where it is none, or nobody knows when."""
    when = terms.tender
    if when is None or when.last - when.first >= _VAGUEST or not _is_tender(terms):
        return None
    entry, shower = Entry(0, reference, "", "", True, shown=as_record(terms)), Shower(connection)
    kinds = [row["kind"] for row in shower.kinds(entry) if row["share"] >= SURE]
    districts = _districts(shower.row(entry)["districts"])
    return Tender(reference, terms.title, when.first, when.last, _markets(kinds, terms.cpv), districts)


def _is_tender(terms: Terms) -> bool:
    state = (terms.state or State.PLANNED).value
    return terms.route not in _NO_TENDER and state not in _OVER and not terms.posted_by


def tenders(connection: Connection, first: date, last: date) -> list[Tender]:
    """The council's tenders, as everybody may read them, that come out between two days."""
    table, time = tables.intention, tables.intention_time
    said = (table.c.id, table.c.reference, table.c.title, table.c.districts, table.c.shown["cpv"].label("cpv"))
    query = (
        sa.select(*said, time.c.first, time.c.last)
        .join(time, sa.and_(time.c.intention == table.c.id, time.c.what == "tender"))
        .where(table.c.own.is_(True), table.c.shown_at.is_not(None), table.c.state.not_in(_OVER))
        .where(table.c.route.not_in([route.value for route in _NO_TENDER]))
        .where(sa.func.coalesce(table.c.shown["posted_by"].as_string(), "") == "")
        .where(time.c.last >= first, time.c.first <= last)
    )
    rows = [row for row in connection.execute(query) if row.last - row.first < _VAGUEST]
    kinds = _kinds(connection)
    return [
        Tender(row.reference, row.title, row.first, row.last, _markets(kinds.get(row.id, ()), row.cpv or ()),
               _districts(row.districts))
        for row in rows
    ]  # fmt: skip


def _kinds(connection: Connection) -> dict[int, list[str]]:
    """The kinds of service that the council's intentions are surely of."""
    kind, table = tables.intention_kind, tables.intention
    query = sa.select(kind.c.intention, kind.c.kind).join(table, table.c.id == kind.c.intention)
    found: dict[int, list[str]] = defaultdict(list)
    for id, key in connection.execute(query.where(table.c.own.is_(True), kind.c.share >= SURE)):
        found[id].append(key)
    return found


def _markets(kinds: Iterable[str], cpv: Iterable[str]) -> frozenset[str]:
    return frozenset((*(f"s:{key}" for key in kinds), *(f"c:{code[:_CPV_DIGITS]}" for code in cpv)))


def _districts(column: str) -> frozenset[str]:
    return frozenset(filter(None, column.split("|")))


def _when(one: Tender) -> tuple[date, date, str]:
    return one.first, one.last, one.reference
