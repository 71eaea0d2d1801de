"""The coming quarters as a picture: an intention a row while they are few, else how many there are in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from handlers.intentions.saying import Event, events, listed, when_words
from knowledge.services import catalogue
from knowledge.timeline.selecting import Shown
from webhooks.timeline_quarters import Quarter
from webhooks.timeline_services import NO_GROUP, group_of

MOST_ROWS = 40
"""With more intentions the picture shows numbers."""
LETTERS = {"engagement": "E", "tender": "T", "closes": "C", "award": "A", "start": "S"}


class Mark(NamedTuple):
    """Something that happens in a quarter. `what`: its field; `vague`: in this quarter or one beside it."""

    letter: str
    what: str
    said: str
    vague: bool


class Line(NamedTuple):
    """An intention with its marks, quarter by quarter."""

    shown: Shown
    cells: tuple[tuple[Mark, ...], ...]


class Lane(NamedTuple):
    """The intentions of a part of the council's work."""

    name: str
    lines: tuple[Line, ...]


class Stack(NamedTuple):
    """A quarter with the intentions of which something happens in it."""

    quarter: Quarter
    lines: tuple[tuple[Shown, tuple[Mark, ...]], ...]


class Rows(NamedTuple):
    """The picture of a few intentions. `without`: how many have no time in these quarters."""

    quarters: tuple[Quarter, ...]
    lanes: tuple[Lane, ...]
    stacks: tuple[Stack, ...]
    without: int
    summary: str


def rows_of(found: Sequence[Shown], quarters: Sequence[Quarter], day: date) -> Rows:
    """The picture of a few intentions."""
    lines = [Line(one, _cells(one, quarters, day)) for one in found]
    busy = [line for line in lines if any(line.cells)]
    stacks = tuple(
        Stack(quarter, tuple((line.shown, line.cells[at]) for line in busy if line.cells[at]))
        for at, quarter in enumerate(quarters)
    )
    return Rows(tuple(quarters), _lanes(busy), stacks, len(lines) - len(busy), _summary(stacks))


def _cells(shown: Shown, quarters: Sequence[Quarter], day: date) -> tuple[tuple[Mark, ...], ...]:
    ahead = [event for event in events(shown.terms) if event.what in LETTERS and event.when.last >= day]
    return tuple(tuple(_mark(event, quarter) for event in ahead if _in(event, quarter)) for quarter in quarters)


def _in(event: Event, quarter: Quarter) -> bool:
    return event.when.first <= quarter.period.last and event.when.last >= quarter.period.first


def _mark(event: Event, quarter: Quarter) -> Mark:
    vague = event.when.first < quarter.period.first or event.when.last > quarter.period.last
    return Mark(LETTERS[event.what], event.what, f"{event.label}: {when_words(event.when)}", vague)


def _lanes(lines: Iterable[Line]) -> tuple[Lane, ...]:
    by_name: dict[str, list[Line]] = {}
    for line in lines:
        group = group_of(catalogue(), line.shown.kinds)
        by_name.setdefault(group.name if group else NO_GROUP, []).append(line)
    names = sorted(by_name, key=lambda name: (name == NO_GROUP, name))
    return tuple(Lane(name, tuple(by_name[name])) for name in names)


def _summary(stacks: Sequence[Stack]) -> str:
    """The picture in a sentence or two."""
    counts = dict.fromkeys(LETTERS, 0)
    seen: set[tuple[int, str]] = set()
    for stack in stacks:
        for shown, marks in stack.lines:
            for mark in marks:
                counts[mark.what] += (shown.id, mark.what) not in seen
                seen.add((shown.id, mark.what))
    said = [f"{number} {_PLURAL[what][number != 1]}" for what, number in counts.items() if number]
    fullest = max(stacks, key=lambda stack: len(stack.lines))
    if not said:
        return "Nothing has a time in these quarters."
    return f"In these quarters there are {listed(said)}. Most happens in {fullest.quarter.months}."


_PLURAL = {
    "engagement": ("talk with providers", "talks with providers"),
    "tender": ("tender or call for applications", "tenders or calls for applications"),
    "closes": ("closing day", "closing days"), "award": ("award", "awards"), "start": ("start", "starts"),
}  # fmt: skip
