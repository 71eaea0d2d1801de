"""What is asked of the timeline: the filters of a page, a feed or a question, as a condition on its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from knowledge import tables
from knowledge.periods import Period
from knowledge.text import STOPWORDS, words
from knowledge.timeline.nouns import Route, Stage, State

COMING = ("engagement", "tender", "closes", "award", "start")
"""What can still lie ahead of a provider; an end is no event of the timeline."""
SURE = 0.7
"""From which share on an intention counts as of a kind of service."""


@dataclass(frozen=True)
class Wish:
    """What is asked for; what is left out asks for nothing. `words`: as typed, each of which must stand in it;
    `kinds`: keys of the catalogue, any of them; `low`, `high`: pounds; `period`: something happens in it, `what` says
    what (tender, start ...; none: anything), `or_open` that it may also be open to bids then; `past`: also what is
    awarded, withdrawn or over; `everyone`: other buyers' too; `posted`: what providers offer others is among them."""

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
    posted: bool = True


def fitting(wish: Wish, day: date) -> Any:
    """A wish as a condition on the table of intentions: of what everybody may read."""
    table = tables.intention
    found: list[Any] = [table.c.shown_at.is_not(None)]
    if not wish.everyone:
        found.append(table.c.own.is_(True))
    if not wish.past:
        found.append(_to_come(day))
    if not wish.posted:
        found.append(sa.func.coalesce(table.c.shown["posted_by"].as_string(), "") == "")
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
        time.c.what.in_(what or COMING), time.c.first <= period.last, time.c.last >= period.first
    )


def _suited(wish: Wish) -> list[Any]:
    """What somebody said is suited, in the terms that are shown."""
    shown = tables.intention.c.shown
    return [
        *([shown["sme"].as_boolean().is_(True)] if wish.sme else []),
        *([shown["vcse"].as_boolean().is_(True)] if wish.vcse else []),
    ]


def wanted_stems(text: str) -> list[str]:
    """The stems of what was typed, the little words left out."""
    return [one.stem for one in words(text) if one.surface not in STOPWORDS][:12]
