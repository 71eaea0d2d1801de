"""The reviews that come up for somebody: of the contracts they carry, what was missed first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.intentions.times import day_words
from handlers.messages import Outcome, Reply
from handlers.reviews.saying import opening
from handlers.reviews.who import acting_for, is_theirs
from knowledge.models import Person
from knowledge.people import list_people
from knowledge.reviews import Due, scheduled

AHEAD = timedelta(days=92)
"""How far ahead reviews are shown."""
_OFFERED = 10


def coming(connection: Connection, person: Person, desk: Desk) -> list[Due]:
    """The contracts of somebody whose review is due within three months, or was missed, the longest due first."""
    acting, until = acting_for(person, list_people(connection), desk.day), desk.day + AHEAD
    found = (one for one in scheduled(connection, desk.day) if one.on <= until)
    return [one for one in found if is_theirs(one.contract, acting)]


def when(one: Due, day: date) -> str:
    """When a review is, or was."""
    if one.on < day:
        return f"missed: was due on {day_words(one.on)}"
    return "today" if one.on == day else f"due on {day_words(one.on)}"


def mine_words(found: Sequence[Due], day: date) -> Reply:
    """The same as a reply."""
    if not found:
        text = "No review of a contract of yours is due within three months, and none was missed."
        return Reply(outcome=Outcome.REVIEW, text=text)
    lines = [f"{one.contract.reference}, {one.contract.title.strip()}: {when(one, day)}" for one in found[:_OFFERED]]
    more = [f"and {len(found) - _OFFERED} more"] if len(found) > _OFFERED else []
    opens = tuple(opening(one.contract, f"Open {one.contract.reference}") for one in found[:_OFFERED])
    return Reply(outcome=Outcome.REVIEW, text="\n".join(["Your reviews:", *lines, *more]), choices=opens)
