"""What is told of questions for a person: to officers, and to whoever asked."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers.concerns.case import somebody
from handlers.desk import Desk
from handlers.messages import Choice
from handlers.questions.showing import choices, due_words, found_words, question_words, standing
from handlers.questions.telling import TOLD
from handlers.questions.who import whose
from handlers.telling.parts import Word, offered
from knowledge import library
from knowledge.models import Access
from knowledge.outbox.owed import Owed
from knowledge.outbox.standing import in_slack
from knowledge.parties import is_slack_channel
from knowledge.people import list_people
from knowledge.questions.enquiries import Enquiry, State, by_number
from knowledge.questions.learnt import by_words


def enquiry(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """A question for a person, with what the desk found. Nothing where it has been settled."""
    one = _found(connection, owed)
    if one is None or not one.open:
        return None
    text = f"{_asked(connection, one)}\nPlease {due_words(one, desk)}."
    return Word((_subject(one), text, offered(owed, choices(one, owed.recipient))))


def renewed(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """The same as it stands now, in the place of what was told before. Nothing where that has not left yet: it will say
    so itself."""
    one = _found(connection, owed)
    letters = in_slack(connection, f"enquiry:{one.id}", TOLD) if one else []
    there = next((letter for letter in letters if letter.id == owed.about.get("letter") and letter.ts), None)
    if one is None or there is None:
        return None
    please = f" Please {due_words(one, desk)}." if one.open else ""
    text = f"{_asked(connection, one)}\n{standing(connection, one)}{please}"
    place = {"channel": there.channel, "ts": there.ts}
    return Word((_subject(one), text, choices(one, owed.recipient)), replaces=place)


def late(connection: Connection, owed: Owed, desk: Desk) -> Word | None:
    """Its day has passed. Nothing where it has been settled."""
    one = _found(connection, owed)
    if one is None or not one.open:
        return None
    text = f"{one.reference} is not answered; {due_words(one, desk)}. {standing(connection, one)} {question_words(one)}"
    opens = Choice(label="Open", action="open_enquiry", about=one.reference)
    return Word((f"{one.reference} is late", text, offered(owed, choices(one, owed.recipient) or (opens,))))


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
    return Word((f"{one.reference}: an address does not work", text, ()))


MAKERS: dict[str, Callable[[Connection, Owed, Desk], Word | None]] = {
    "enquiry": enquiry,
    "enquiry_late": late,
    "enquiry_claimed": claimed,
    "enquiry_renewed": renewed,
    "enquiry_settled": settled,
    "enquiry_stuck": stuck,
}
"""What each kind of notification says."""


def _subject(one: Enquiry) -> str:
    return f"{one.reference}: a question for a person"


def _asked(connection: Connection, one: Enquiry) -> str:
    """Who asks, what, and what the desk found, a line each."""
    who = f"{by_words(connection, one.asker)} asks" if _listed(connection, one) else "A provider asks"
    return f"{who} the officers ({one.reference}):\n{question_words(one)}\n{found_words(connection, one)}"


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
    for letter in in_slack(connection, f"enquiry:{one.id}", ("enquiry",)):
        if is_slack_channel(owed.recipient) and letter.channel == owed.recipient and letter.ts:
            return {"channel": letter.channel, "thread_ts": letter.ts}
    return {}
