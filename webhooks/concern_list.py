"""The concerns of whoever asks, in the order in which they want doing, and by when what is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from handlers.concerns import saying
from handlers.concerns.case import Case, sender
from handlers.concerns.showing import concerns_of, holder
from handlers.desk import Desk
from handlers.messages import Message
from knowledge.concerns.nouns import UNACKNOWLEDGED, Concern
from knowledge.concerns.standing import addresses
from knowledge.models import Person
from knowledge.parties import normal
from knowledge.people import list_people
from knowledge.register.contacts import stood_in_for

_SETTLED_SHOWN = 30
_MOST_OPEN = 200


class Due(NamedTuple):
    """Something that is due, in words; `late`: that it is so is in the words too."""

    said: str
    late: bool


class Line(NamedTuple):
    """A concern in a list."""

    reference: str
    service: str
    state: str
    holder: str
    dues: tuple[Due, ...]


class Listing(NamedTuple):
    """Somebody's concerns: open and to be carried by them, or by whom they act for (soonest due first), open
    otherwise, settled (newest first); and how many open and settled ones are left out."""

    carried: list[Line]
    open: list[Line]
    settled: list[Line]
    more_open: int
    more_settled: int


def listing(message: Message, desk: Desk) -> Listing:
    """The concerns of whoever sends this message."""
    with desk.store.reading() as connection:
        person = sender(connection, message)
        acts_for = stood_in_for(person, list_people(connection), desk.day)
        mine = frozenset(one for each in (person, *acts_for) for one in addresses(each))
        found = concerns_of(connection, person, day=desk.day)
        carried = [one for one in found if one.open and normal(one.holder) in mine]
        open = [one for one in found if one.open and normal(one.holder) not in mine]
        settled = [one for one in found if not one.open]

        def lines(some: Iterable[Concern]) -> list[Line]:
            return [_line(Case(connection, desk, one, desk.now()), person) for one in some]

        return Listing(
            carried=lines(sorted(carried, key=next_due)[:_MOST_OPEN]),
            open=lines(open[:_MOST_OPEN]),
            settled=lines(settled[:_SETTLED_SHOWN]),
            more_open=max(0, len(open) - _MOST_OPEN) + max(0, len(carried) - _MOST_OPEN),
            more_settled=max(0, len(settled) - _SETTLED_SHOWN),
        )


def next_due(concern: Concern) -> datetime:
    """When the next thing about an open concern is due."""
    return min(concern.acknowledge_by, concern.answer_by) if concern.state in UNACKNOWLEDGED else concern.answer_by


def dues(concern: Concern, now: datetime) -> tuple[Due, ...]:
    """What is due of a concern; nothing of a settled one."""
    if not concern.open:
        return ()
    if concern.waiting_since:
        return (Due(f"The clock stands since {saying.day(concern.waiting_since)}.", False),)
    found = []
    if concern.state in UNACKNOWLEDGED:
        found.append(_due(now, concern.acknowledge_by, "be acknowledged", saying.when(concern.acknowledge_by)))
    return (*found, _due(now, concern.answer_by, "be answered", saying.day(concern.answer_by)))


def _due(now: datetime, by: datetime, what: str, said: str) -> Due:
    late = now > by
    return Due(f"Late: it was to {what} by {said}." if late else f"To {what} by {said}.", late)


def _line(case: Case, person: Person) -> Line:
    concern = case.concern
    return Line(
        concern.reference, saying.service(concern), saying.state(concern), holder(case, person),
        dues(concern, case.now),
    )  # fmt: skip
