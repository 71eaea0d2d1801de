"""Recording a review, and taking it back: by those who carry the contract."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers.concerns.case import known_as, sender
from handlers.desk import Desk
from handlers.intentions.times import day_words
from handlers.messages import Message, Outcome, Reply
from handlers.reviews import forms
from handlers.reviews.saying import FOUND, named
from handlers.reviews.showing import NOBODYS, show, since_last, undoing
from handlers.reviews.who import INSIDERS, carries
from knowledge import reviews
from knowledge.models import Person
from knowledge.people import list_people
from knowledge.register.contract import Contract
from knowledge.register.holding import contract as held_contract
from knowledge.reviews import CannotRecord, Review, due_on, reviews_of

_NOT_YOURS = "The contract's manager, deputy or director records its reviews, or an administrator."
_RECORDED = "That review is recorded already; nothing was done."
_TAKEN = "The review of that day is recorded already, or is this one. Give another day."
_CHANGED = "That is not the last review any more; nothing was done."
_PUBLIC = "Not here, where everybody reads along: write to me directly."

Move = Callable[[Connection, Contract, Person], Reply]
"""What is done to the reviews of a contract by somebody who carries it."""


def act(message: Message, desk: Desk) -> Reply:
    """What a button or a form does about reviews."""
    if message.public:
        return Reply(outcome=Outcome.REFUSED, text=_PUBLIC)
    return ACTIONS[message.action](message, desk)


def record(message: Message, desk: Desk) -> Reply:
    """The form, and what was filled in: recorded once for the day the review was due."""
    _, expected = forms.parts(message.about)

    def move(connection: Connection, contract: Contract, person: Person) -> Reply:
        due = due_on(contract, connection)
        if expected is not None and message.fields and expected != (due.isoformat() if due else ""):
            return Reply(outcome=Outcome.REFUSED, text=_RECORDED)
        past = reviews_of(connection, contract)
        given, wrong = forms.read(message.fields, contract, desk.day) if message.fields else (None, {})
        if given and given.next_on in {due, *(one.due_on for one in past)}:
            given, wrong = None, {"next_on": _TAKEN}
        if given is None:
            since = since_last(connection, contract, past, desk)
            return forms.recording(contract, due, since, desk.day, message.fields, wrong)
        return _done(contract, reviews.record(connection, contract, *given, desk.now(), by=known_as(person)))

    return _with_contract(message, desk, move)


def _done(contract: Contract, made: Review) -> Reply:
    following = f"The next is due on {day_words(made.next_on)}." if made.next_on else "None is to follow."
    text = f"Recorded: the review of {named(contract)} found its {FOUND[made.outcome]}. {following}"
    return Reply(outcome=Outcome.REVIEW, text=text, choices=(undoing(contract, made),))


def undo(message: Message, desk: Desk) -> Reply:
    """Takes the review recorded last back. Pressed again, nothing is done."""
    _, number = forms.parts(message.about)

    def move(connection: Connection, contract: Contract, person: Person) -> Reply:
        last = reviews.last_of(connection, contract)
        if last is None or number not in (None, str(last.id)):
            return Reply(outcome=Outcome.REFUSED, text=_CHANGED if number else f"{named(contract)} has no review yet.")
        reviews.undo(connection, contract, desk.now(), by=known_as(person))
        text = f"Taken back: the review of {named(contract)} that was due on {day_words(last.due_on)} is not recorded."
        return Reply(outcome=Outcome.REVIEW, text=text)

    return _with_contract(message, desk, move)


def _with_contract(message: Message, desk: Desk, move: Move) -> Reply:
    """Makes a move where its sender carries the contract it is about."""
    reference, _ = forms.parts(message.about)
    try:
        with desk.store.writing() as connection:
            person = sender(connection, message)
            held = held_contract(connection, reference) if len(reference) <= 200 else None
            if held is None or not person.roles & INSIDERS:
                return Reply(outcome=Outcome.REFUSED, text=NOBODYS)
            if not carries(person, held.contract, list_people(connection), desk.day):
                return Reply(outcome=Outcome.REFUSED, text=_NOT_YOURS)
            return move(connection, held.contract, person)
    except CannotRecord:  # another process was first
        return Reply(outcome=Outcome.REFUSED, text=_RECORDED)


ACTIONS: dict[str, Callable[[Message, Desk], Reply]] = {
    "record_review": record,
    "undo_review": undo,
    "open_review": show,
}
