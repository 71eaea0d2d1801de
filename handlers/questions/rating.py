"""What somebody says of an answer; of a bad one, why."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.questions.offering import ask_person
from handlers.questions.who import asker_of
from knowledge.questions.asked import by_number
from knowledge.questions.ratings import BAD, GOOD, REASONS, explain, rate

NOTHING = "That button does nothing any more."
STRANGER = "I count what people say of answers once each, and do not know who you are. Sign in first."
_GONE = "That answer is not kept any more."


def rated(message: Message, desk: Desk) -> Reply:
    """Thumbs up or down: good or bad, a field of its own or after the question's number. The last press counts."""
    about, _, said = message.about.partition("|")
    verdict, number = message.fields.get("verdict", said), number_in(about)
    if verdict not in (GOOD, BAD):
        return Reply(outcome=Outcome.REFUSED, text=NOTHING)
    if refused := _write(message, desk, number, verdict):
        return refused
    if verdict == GOOD:
        return Reply(outcome=Outcome.ENQUIRY, text="Thank you: noted as a good answer.")
    whys = tuple(Choice(label=label, action="rate_why", about=f"{number}|{name}") for name, label in REASONS.items())
    text = "Thank you for saying so. What is the matter with it?"
    return Reply(outcome=Outcome.ENQUIRY, text=text, choices=(*whys, ask_person(number)))


def rated_why(message: Message, desk: Desk) -> Reply:
    """Why an answer is no good."""
    about, _, reason = message.about.partition("|")
    if reason not in REASONS:
        return Reply(outcome=Outcome.REFUSED, text=NOTHING)
    number = number_in(about)
    if refused := _write(message, desk, number, reason):
        return refused
    text = f"Thank you. Noted: {REASONS[reason][:1].lower()}{REASONS[reason][1:]}. Officers see it in their round-up."
    return Reply(outcome=Outcome.ENQUIRY, text=text, choices=(ask_person(number),))


def _write(message: Message, desk: Desk, number: int, said: str) -> Reply | None:
    """Writes down a verdict, or a reason; a reply where that cannot be."""
    who = asker_of(message)
    if not who:
        return Reply(outcome=Outcome.REFUSED, text=STRANGER)
    with desk.store.writing() as connection:
        found = by_number(connection, number)
        if found is None or not found.text:
            return Reply(outcome=Outcome.REFUSED, text=_GONE)
        if said in REASONS:
            explain(connection, number, who, said, desk.now())
        else:
            rate(connection, number, who, said, desk.now())
    return None


def number_in(about: str) -> int:
    """The number of a question, as a button has it; 0 for none."""
    return int(about) if about.isascii() and about.isdigit() and len(about) < 10 else 0
