"""What is told of questions for a person, to officers and to whoever asked; and what comes up for review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from handlers.concerns.case import somebody
from handlers.desk import Desk
from handlers.messages import Choice
from handlers.questions.reviewing import choices as review_choices
from handlers.questions.reviewing import is_for_few, said_of
from handlers.questions.round_up import round_up
from handlers.questions.showing import choices, due_words, found_words, question_words, standing
from handlers.questions.who import whose
from handlers.telling.parts import Said
from knowledge import library
from knowledge.models import Access
from knowledge.outbox.owed import Owed
from knowledge.parties import is_slack_channel
from knowledge.people import list_people
from knowledge.questions import learnt
from knowledge.questions.enquiries import Enquiry, State, by_number
from knowledge.questions.learnt import Standing, by_words
from knowledge.tables import notification

WAITING = Choice(label="See what waits", action="waiting_enquiries")
"""What is offered where no button can act: it leads to the page."""


class Word(NamedTuple):
    """A letter's words, and the thread it belongs to, empty for none."""

    said: Said
    origin: dict[str, str]


def enquiry(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """A question for a person, with what the desk found. Nothing where it has been settled."""
    one = _found(connection, owed)
    if one is None or not one.open:
        return None
    who = f"{by_words(connection, one.asker)} asks" if _listed(connection, one) else "A provider asks"
    text = f"{who} the officers ({one.reference}):\n{question_words(one)}\n{found_words(connection, one)}"
    text = f"{text}\nPlease {due_words(one, desk)}."
    return Word((f"{one.reference}: a question for a person", text, _offered(owed, choices(one, owed.recipient))), {})


def late(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """Its day has passed. Nothing where it has been settled."""
    one = _found(connection, owed)
    if one is None or not one.open:
        return None
    text = f"{one.reference} is not answered; {due_words(one, desk)}. {standing(connection, one)} {question_words(one)}"
    opens = Choice(label="Open", action="open_enquiry", about=one.reference)
    return Word((f"{one.reference} is late", text, _offered(owed, choices(one, owed.recipient) or (opens,))), {})


def claimed(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """Somebody has it, or has settled it: said below the question. Nothing where it waits for anybody again."""
    one = _found(connection, owed)
    if one is None or one.state is State.WAITING:
        return None
    return Word((f"{one.reference}: who has it", standing(connection, one), ()), _thread_of(connection, owed, one))


def settled(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """The answer, or why there is none, for whoever asked, in the thread where they did. Nothing once it is erased."""
    one = _found(connection, owed)
    if one is None or one.open or not one.answer:
        return None
    who = whose(connection, one.settled_by, to_listed=_listed(connection, one))
    asked = (
        f"You asked {question_words(one)} ({one.reference})." if one.question.text else f"You asked {one.reference}."
    )
    if one.state is State.DROPPED:
        text = f"{asked} {who[:1].upper()}{who[1:]} does not answer it: {one.answer}"
        return Word((f"{one.reference}: no answer", text, ()), one.origin)
    text = f"{asked} {who[:1].upper()}{who[1:]} answers: {one.answer}{_rests_on(connection, one)}"
    return Word((f"{one.reference}: the answer to your question", text, ()), one.origin)


def stuck(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """An answer that does not arrive: the reference and the address only."""
    one = _found(connection, owed)
    if one is None:
        return None
    text = f"The answer to {one.reference} could not be delivered to {one.asker or 'whoever asked'}. Check the address."
    return Word((f"{one.reference}: an address does not work", text, ()), {})


def review(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """What the desk has learnt a year ago. Nothing where somebody has looked at it since."""
    one = learnt.by_id(connection, str(owed.about.get("entry", "")))
    if one is None or one.standing is not Standing.LIVE or one.review_on is None or one.review_on > desk.day:
        return None
    if is_for_few(one):
        text = "An answer of the desk's own that only managers and directors may read is due to be looked at again."
        return Word(("An answer is up for review", text, (WAITING,)), {})
    text = f"Is this still right? {said_of(one)}"
    return Word(("An answer is up for review", text, _offered(owed, review_choices(one))), {})


def weekly(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """A week's questions. Nothing where there is nothing to do about them."""
    text = round_up(connection, str(owed.about.get("until", "")))
    return Word(("This week's questions", text, (WAITING,)), {}) if text else None


MAKERS: dict[str, Callable[[Connection, Owed, Desk], Word | None]] = {
    "enquiry": enquiry,
    "enquiry_late": late,
    "enquiry_claimed": claimed,
    "enquiry_settled": settled,
    "enquiry_stuck": stuck,
    "entry_review": review,
    "questions": weekly,
}
"""What each kind of notification says."""


def _offered(owed: Owed, found: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Buttons act in Slack; elsewhere they would be links that act, and one leads to the page."""
    return found if owed.channel == "slack" else (WAITING,)


def _found(connection: Connection, owed: Owed) -> Enquiry | None:
    return by_number(connection, int(owed.about.get("enquiry", 0)))


def _listed(connection: Connection, one: Enquiry) -> bool:
    """Whether whoever asked is one of the council's own."""
    person = somebody(one.asker, list_people(connection))
    return bool(person and person.listed)


def _rests_on(connection: Connection, one: Enquiry) -> str:
    """The place it rests on, where whoever asked may know of the paper."""
    about = library.document(connection, one.document) if one.document else None
    readable = one.question.readable | {Access.PUBLIC}
    return f" It rests on {about.title}, {one.locator}." if about and about.access in readable else ""


def _thread_of(connection: Connection, owed: Owed, one: Enquiry) -> dict[str, str]:
    """Where the officers' channel was told of it."""
    if not is_slack_channel(owed.recipient):
        return {}
    n = notification.c
    query = sa.select(n.place).where(n.kind == "enquiry", n.subject == f"enquiry:{one.id}", n.channel == "slack")
    for place in connection.execute(query).scalars():
        found: dict[str, Any] = place or {}
        if found.get("channel") == owed.recipient and found.get("ts"):
            return {"channel": owed.recipient, "thread_ts": str(found["ts"])}
    return {}
