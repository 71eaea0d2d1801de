"""Officers answer a question: whoever asked is told, and the desk knows it from then on."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.concerns.case import known_as
from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from handlers.questions import forms
from handlers.questions.settling import again, changed, has, standing_of, with_one
from handlers.questions.showing import cited, found_words, question_words, teach
from handlers.questions.telling import renew, tell_asker, tell_standing
from knowledge import library
from knowledge.audit import Deed, account
from knowledge.models import Access, Person, readable_by, slug
from knowledge.personal import personal
from knowledge.questions import learnt, moves
from knowledge.questions.enquiries import Enquiry, State
from knowledge.questions.masking import asked_plainly
from knowledge.questions.reviewing import a_year_on

_TAUGHT = "The next who asks, and may read it, is answered with it. It comes up for review in a year."


def answer(message: Message, desk: Desk) -> Reply:
    """The form of an answer, and what was filled in: it goes to whoever asked, and into what the desk knows."""
    given = dict(message.fields)

    def move(connection: Connection, one: Enquiry, person: Person) -> Reply:
        readable = readable_by(person.roles)
        if not one.open or (one.claimed_by and not has(one, person)):
            return standing_of(connection, one)
        said, wrong = forms.read(given, readable) if given else (None, {})
        if said and (none := _no_place(connection, said.rests_on, readable)):
            said, wrong = None, {"place": none}
        if said is None:
            return _asked(connection, one, readable, given, wrong)
        return _answered(connection, one, person, said, desk)

    return _learning(with_one(message, desk, move), desk)


def _asked(
    connection: Connection, one: Enquiry, readable: frozenset[Access], given: dict[str, str], wrong: dict[str, str]
) -> Reply:
    note = f"{question_words(one)} {found_words(connection, one)}"
    places = [(f"{document}|{locator}"[:150], label) for document, locator, label in cited(connection, one, readable)]
    plain = asked_plainly(one.question.text)
    begins = {"asks": "" if personal(plain) else plain[:300]}
    return forms.answering(one.reference, note, places, readable, {**begins, **given}, wrong)


def _answered(connection: Connection, one: Enquiry, person: Person, said: forms.Answer, desk: Desk) -> Reply:
    document, locator = said.rests_on
    kept = {"answer": said.text, "document": document, "locator": locator, "access": said.access.value}
    if not moves.settle(connection, one.id, State.ANSWERED, known_as(person), desk.now(), **kept):
        return standing_of(connection, again(connection, one))
    one = again(connection, one)
    changed(connection, one, person, desk)
    tell_asker(connection, one, desk)
    tell_standing(connection, one, desk)
    if said.teaches:
        _learn(connection, one, person, said.asks, desk)
        return Reply(outcome=Outcome.ENQUIRY, text=f"{one.reference} is answered. {_TAUGHT}")
    text = f"{one.reference} is answered: whoever asked is told."
    return Reply(outcome=Outcome.ENQUIRY, text=text, choices=(teach(one),))


def taught(message: Message, desk: Desk) -> Reply:
    """The desk is to know an answer that was given, with the question as a way of asking. Once."""

    def move(connection: Connection, one: Enquiry, person: Person) -> Reply:
        if one.state is not State.ANSWERED or not one.answer or one.access is None:
            return standing_of(connection, one)
        if one.access not in readable_by(person.roles):
            return Reply(outcome=Outcome.REFUSED, text="It is for managers and directors: one of them can.")
        if one.entry:
            return Reply(outcome=Outcome.ENQUIRY, text=f"The desk knows the answer to {one.reference} already.")
        if found := personal(one.answer):
            text = f"It seems to hold {', '.join(found)}, so the desk does not learn it from a press."
            return Reply(outcome=Outcome.REFUSED, text=text)
        _learn(connection, one, person, (), desk)
        renew(connection, one, desk)
        return Reply(outcome=Outcome.ENQUIRY, text=f"The desk knows the answer to {one.reference} now. {_TAUGHT}")

    return _learning(with_one(message, desk, move), desk)


def _learn(connection: Connection, one: Enquiry, person: Person, asks: tuple[str, ...], desk: Desk) -> None:
    """Makes the answer a digest entry, once."""
    plain = asked_plainly(one.question.text)
    ways = (*asks, *(() if asks or personal(plain) else (plain,)))
    entry = f"officer-{one.id}"
    assert one.access is not None  # noqa: S101 - an answer says who may read it
    if moves.became(connection, one.id, entry):
        account(connection, Deed.CHANGED, "entry", entry, desk.now(), by=known_as(person))
        learnt.add(
            connection, desk.now(), id=entry, digest=one.answer, asks=ways, access=one.access,
            made_by=known_as(person), document=one.document, locator=one.locator, review_on=a_year_on(desk.day),
        )  # fmt: skip


def _learning(reply: Reply, desk: Desk) -> Reply:
    """The reply, once what it added is found."""
    if _TAUGHT in reply.text:
        desk.learn()
    return reply


def _no_place(connection: Connection, rests_on: tuple[str, str], readable: frozenset[Access]) -> str:
    """What is wrong with the place an answer rests on, "" for nothing."""
    document, locator = rests_on
    if not document and not locator:
        return ""
    about = library.document(connection, document)
    _, there = library.find_passage(connection, document, slug(locator)) if locator else (None, False)
    if about is None or about.access not in readable or not there:
        return "There is no such place in the papers you may read. Give the paper's id and the place: 002, Principle 6."
    return ""
