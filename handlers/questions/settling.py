"""Officers claim a question, give it back, answer it, drop it, and have the desk know the answer."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers.concerns.case import known_as
from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.questions import forms
from handlers.questions.showing import card, cited, due_words, found_words, listed, question_words, standing, teach
from handlers.questions.telling import tell_asker, tell_claimed
from handlers.questions.who import settler
from knowledge import library
from knowledge.models import Access, Person, Role, readable_by, slug
from knowledge.parties import normal
from knowledge.personal import personal
from knowledge.questions import enquiries, learnt
from knowledge.questions.enquiries import Enquiry, State
from knowledge.questions.learnt import OwnEntry
from knowledge.questions.masking import asked_plainly
from knowledge.questions.reviewing import a_year_on

NOT_YOURS = "The council's officers answer these."
_GONE = "There is no such question."
_MOST_REVIEWS = 10
_TAUGHT = "The next who asks, and may read it, is answered with it. It comes up for review in a year."


def opened(message: Message, desk: Desk) -> Reply:
    """One, with what may be done with it."""
    return _with_one(message, desk, lambda connection, one, person: card(connection, one, desk, known_as(person)))


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
        new = enquiries.claim(connection, one.id, known_as(person), desk.now())
        one = _again(connection, one)
        if not _has(one, person):
            return _said(connection, one)
        if new:
            tell_claimed(connection, one, desk)
        text = f"You have {one.reference}: {due_words(one, desk)}. {question_words(one)}"
        return card(connection, one, desk, known_as(person)).model_copy(update={"text": text, "table": None})

    return _with_one(message, desk, move)


def give_back(message: Message, desk: Desk) -> Reply:
    """Whoever has it, or an administrator, has it wait for anybody again."""

    def move(connection: Connection, one: Enquiry, person: Person) -> Reply:
        if one.state is State.CLAIMED and not (_has(one, person) or Role.ADMINISTRATOR in person.roles):
            return _said(connection, one)
        enquiries.give_back(connection, one.id)
        one = _again(connection, one)
        return card(connection, one, desk, known_as(person)).model_copy(update={"table": None})

    return _with_one(message, desk, move)


def answer(message: Message, desk: Desk) -> Reply:
    """The form of an answer, and what was filled in: it goes to whoever asked, and into what the desk knows."""
    given = dict(message.fields)

    def move(connection: Connection, one: Enquiry, person: Person) -> Reply:
        readable = readable_by(person.roles)
        if not one.open or (one.claimed_by and not _has(one, person)):
            return _said(connection, one)
        said, wrong = forms.read(given, readable) if given else (None, {})
        if said and (none := _no_place(connection, said.rests_on, readable)):
            said, wrong = None, {"place": none}
        if said is None:
            return _asked(connection, one, readable, given, wrong)
        return _answered(connection, one, person, said, desk)

    return _learning(_with_one(message, desk, move), desk)


def _asked(
    connection: Connection, one: Enquiry, readable: frozenset[Access], given: dict[str, str], wrong: dict[str, str]
) -> Reply:
    note = f"{question_words(one)} {found_words(connection, one)}"
    places = [
        (f"{document}|{locator}"[:150], label[:75]) for document, locator, label in cited(connection, one, readable)
    ]
    plain = asked_plainly(one.question.text)
    begins = {"asks": "" if personal(plain) else plain[:300]}
    return forms.answering(one.reference, note, places, readable, {**begins, **given}, wrong)


def _answered(connection: Connection, one: Enquiry, person: Person, said: forms.Answer, desk: Desk) -> Reply:
    document, locator = said.rests_on
    kept = {"answer": said.text, "document": document, "locator": locator, "access": said.access.value}
    if not enquiries.settle(connection, one.id, State.ANSWERED, known_as(person), desk.now(), **kept):
        return _said(connection, _again(connection, one))
    one = _again(connection, one)
    tell_asker(connection, one, desk)
    if said.teaches:
        _learn(connection, one, person, said.asks, desk)
        return Reply(outcome=Outcome.ENQUIRY, text=f"{one.reference} is answered. {_TAUGHT}")
    text = f"{one.reference} is answered: whoever asked is told."
    return Reply(outcome=Outcome.ENQUIRY, text=text, choices=(teach(one),))


def taught(message: Message, desk: Desk) -> Reply:
    """The desk is to know an answer that was given, with the question as a way of asking. Once."""

    def move(connection: Connection, one: Enquiry, person: Person) -> Reply:
        if one.state is not State.ANSWERED or not one.answer or one.access is None:
            return _said(connection, one)
        if one.access not in readable_by(person.roles):
            return Reply(outcome=Outcome.REFUSED, text="It is for managers and directors: one of them can.")
        if one.entry:
            return Reply(outcome=Outcome.ENQUIRY, text=f"The desk knows the answer to {one.reference} already.")
        if found := personal(one.answer):
            text = f"It seems to hold {', '.join(found)}, so the desk does not learn it from a press."
            return Reply(outcome=Outcome.REFUSED, text=text)
        _learn(connection, one, person, (), desk)
        return Reply(outcome=Outcome.ENQUIRY, text=f"The desk knows the answer to {one.reference} now. {_TAUGHT}")

    return _learning(_with_one(message, desk, move), desk)


def _learn(connection: Connection, one: Enquiry, person: Person, asks: tuple[str, ...], desk: Desk) -> None:
    """Makes the answer a digest entry, once."""
    plain = asked_plainly(one.question.text)
    ways = (*asks, *(() if asks or personal(plain) else (plain,)))
    entry = f"officer-{one.id}"
    assert one.access is not None  # noqa: S101 - an answer says who may read it
    if enquiries.became(connection, one.id, entry):
        learnt.add(
            connection, desk.now(), id=entry, digest=one.answer, asks=ways, access=one.access,
            made_by=known_as(person), document=one.document, locator=one.locator, review_on=a_year_on(desk.day),
        )  # fmt: skip


def drop(message: Message, desk: Desk) -> Reply:
    """It is not answered, and whoever asked is told why."""
    given = dict(message.fields)
    reason = given.get("reason", "").strip()

    def move(connection: Connection, one: Enquiry, person: Person) -> Reply:
        if not one.open or (one.claimed_by and not _has(one, person)):
            return _said(connection, one)
        if not reason or len(reason) > forms.LONGEST:
            told = f"Say why, in up to {forms.LONGEST:,} characters: whoever asked is told."
            return forms.dropping(one.reference, given, {"reason": told} if given else {})
        if enquiries.settle(connection, one.id, State.DROPPED, known_as(person), desk.now(), answer=reason):
            tell_asker(connection, _again(connection, one), desk)
        return Reply(outcome=Outcome.ENQUIRY, text=f"{one.reference} is dropped. Whoever asked is told why.")

    return _with_one(message, desk, move)


# --- parts --------------------------------------------------------------------------------------------------------


def _with_one(message: Message, desk: Desk, move: Callable[[Connection, Enquiry, Person], Reply]) -> Reply:
    """Does something with the enquiry a message is about, where its sender may."""
    number = enquiries.number_of(message.about)
    with desk.store.writing() as connection:
        person = settler(connection, message)
        if person is None:
            return Reply(outcome=Outcome.REFUSED, text=NOT_YOURS)
        one = enquiries.by_number(connection, number) if number is not None else None
        return move(connection, one, person) if one else Reply(outcome=Outcome.REFUSED, text=_GONE)


def _learning(reply: Reply, desk: Desk) -> Reply:
    """The reply, once what it added is found."""
    if _TAUGHT in reply.text:
        desk.learn()
    return reply


def _said(connection: Connection, one: Enquiry) -> Reply:
    choices = (teach(one),) if one.state is State.ANSWERED and one.answer and not one.entry else ()
    return Reply(outcome=Outcome.ENQUIRY, text=standing(connection, one), choices=choices)


def _has(one: Enquiry, person: Person) -> bool:
    return one.state is State.CLAIMED and normal(one.claimed_by) == normal(known_as(person))


def _again(connection: Connection, one: Enquiry) -> Enquiry:
    return enquiries.by_number(connection, one.id) or one


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
