"""Officers look at what waits, claim a question, give it back, drop it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers.concerns.case import known_as
from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.questions import forms
from handlers.questions.showing import card, due_words, listed, question_words, standing, teach
from handlers.questions.telling import renew, tell_asker, tell_standing
from handlers.questions.who import settler
from knowledge.audit import Deed, account, account_once
from knowledge.models import Person, Role, readable_by
from knowledge.parties import normal
from knowledge.questions import enquiries, learnt, moves
from knowledge.questions.enquiries import Enquiry, State
from knowledge.questions.learnt import OwnEntry

NOT_YOURS = "The council's officers answer these."
_GONE = "There is no such question."
_MOST_REVIEWS = 10


def opened(message: Message, desk: Desk) -> Reply:
    """One, with what may be done with it."""

    def look(connection: Connection, one: Enquiry, person: Person) -> Reply:
        account_once(connection, Deed.SAW, "enquiry", one.id, desk.now(), by=known_as(person))
        return card(connection, one, desk, known_as(person))

    return with_one(message, desk, look)


def waiting(message: Message, desk: Desk) -> Reply:
    """Those that are open."""
    with desk.store.reading() as connection:
        person = settler(connection, message)
        if person is None:
            return Reply(outcome=Outcome.REFUSED, text=NOT_YOURS)
        shown = listed(connection, enquiries.waiting(connection), desk)
        readable = readable_by(person.roles)
        due = [one for one in learnt.due_for_review(connection, desk.day) if one.access in readable]
    return with_reviews(shown, due)


def with_reviews(shown: Reply, due: list[OwnEntry]) -> Reply:
    """A list of what waits, with what the desk has learnt and somebody is to look at again."""
    if not due:
        return shown
    lines = [shown.text, f"{len(due)} of the desk's own answers {'is' if len(due) == 1 else 'are'} up for review."]
    opens = [
        Choice(label=f"Review “{one.digest[:40]}”", action="open_entry", about=one.id) for one in due[:_MOST_REVIEWS]
    ]
    return shown.model_copy(update={"text": "\n".join(lines), "choices": (*shown.choices, *opens)})


def claim(message: Message, desk: Desk) -> Reply:
    """Somebody takes it on; whoever comes second reads who has it."""

    def move(connection: Connection, one: Enquiry, person: Person) -> Reply:
        new = moves.claim(connection, one.id, known_as(person), desk.now())
        one = again(connection, one)
        if not has(one, person):
            return standing_of(connection, one)
        if new:
            changed(connection, one, person, desk)
            tell_standing(connection, one, desk)
        text = f"You have {one.reference}: {due_words(one, desk)}. {question_words(one)}"
        return card(connection, one, desk, known_as(person)).model_copy(update={"text": text, "table": None})

    return with_one(message, desk, move)


def give_back(message: Message, desk: Desk) -> Reply:
    """Whoever has it, or an administrator, has it wait for anybody again."""

    def move(connection: Connection, one: Enquiry, person: Person) -> Reply:
        if one.state is State.CLAIMED and not (has(one, person) or Role.ADMINISTRATOR in person.roles):
            return standing_of(connection, one)
        if moves.give_back(connection, one.id):
            changed(connection, one, person, desk)
        one = again(connection, one)
        renew(connection, one, desk)
        return card(connection, one, desk, known_as(person)).model_copy(update={"table": None})

    return with_one(message, desk, move)


def drop(message: Message, desk: Desk) -> Reply:
    """It is not answered, and whoever asked is told why."""
    given = dict(message.fields)
    reason = given.get("reason", "").strip()

    def move(connection: Connection, one: Enquiry, person: Person) -> Reply:
        if not one.open or (one.claimed_by and not has(one, person)):
            return standing_of(connection, one)
        if not reason or len(reason) > forms.LONGEST:
            told = f"Say why, in up to {forms.LONGEST:,} characters: whoever asked is told."
            return forms.dropping(one.reference, given, {"reason": told} if given else {})
        if moves.settle(connection, one.id, State.DROPPED, known_as(person), desk.now(), answer=reason):
            one = again(connection, one)
            changed(connection, one, person, desk)
            tell_asker(connection, one, desk)
            tell_standing(connection, one, desk)
        return Reply(outcome=Outcome.ENQUIRY, text=f"{one.reference} is dropped. Whoever asked is told why.")

    return with_one(message, desk, move)


# --- parts --------------------------------------------------------------------------------------------------------


def with_one(message: Message, desk: Desk, move: Callable[[Connection, Enquiry, Person], Reply]) -> Reply:
    """Does something with the enquiry a message is about, where its sender may."""
    number = enquiries.number_of(message.about)
    with desk.store.writing() as connection:
        person = settler(connection, message)
        if person is None:
            return Reply(outcome=Outcome.REFUSED, text=NOT_YOURS)
        one = enquiries.by_number(connection, number) if number is not None else None
        return move(connection, one, person) if one else Reply(outcome=Outcome.REFUSED, text=_GONE)


def changed(connection: Connection, one: Enquiry, person: Person, desk: Desk) -> None:
    """Accounts for a move with an enquiry."""
    account(connection, Deed.CHANGED, "enquiry", one.id, desk.now(), by=known_as(person))


def standing_of(connection: Connection, one: Enquiry) -> Reply:
    """How it stands, for somebody who cannot do what they pressed any more."""
    choices = (teach(one),) if one.state is State.ANSWERED and one.answer and not one.entry else ()
    return Reply(outcome=Outcome.ENQUIRY, text=standing(connection, one), choices=choices)


def has(one: Enquiry, person: Person) -> bool:
    """Whether it is this person who has claimed it."""
    return one.state is State.CLAIMED and normal(one.claimed_by) == normal(known_as(person))


def again(connection: Connection, one: Enquiry) -> Enquiry:
    """It as it stands after a move."""
    return enquiries.by_number(connection, one.id) or one
