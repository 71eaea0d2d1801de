"""What the desk has learnt comes up for review: kept for another year, changed, or retired."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers.concerns.case import known_as
from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.questions import forms
from handlers.questions.settling import NOT_YOURS
from handlers.questions.who import officers, settler, tell
from knowledge.audit import Deed, account
from knowledge.dates import in_words
from knowledge.models import Access, Person, readable_by
from knowledge.questions import learnt
from knowledge.questions.learnt import OwnEntry, Standing
from knowledge.questions.reviewing import a_year_on

_GONE = "There is no such answer any more."


def tell_due(connection: Connection, desk: Desk) -> int:
    """Timed: officers are told, once, of each entry whose year is over. Returns how many were."""
    due = learnt.due_for_review(connection, desk.day)
    who = officers(connection, desk) if due else []
    told = [
        tell(connection, desk, who, "entry_review", f"review:{one.review_on}:{one.id}"[:100], {"entry": one.id})
        for one in due
    ]
    return sum(map(bool, told))


def choices(one: OwnEntry) -> tuple[Choice, ...]:
    """What an officer may press."""
    if one.standing is not Standing.LIVE:
        return ()
    return (
        Choice(label="Keep for a year", action="keep_entry", about=one.id, style="primary"),
        Choice(label="Change it", action="change_entry", about=one.id, opens_form=True),
        Choice(label="Retire it", action="retire_entry", about=one.id, style="danger"),
    )


def said_of(one: OwnEntry) -> str:
    """An entry in words, for those who may read it."""
    day = in_words(one.made_at.date().isoformat())
    rests = f" It rests on {one.document}, {one.locator}." if one.document else ""
    asks = f" It answers: {'; '.join(f'“{ask}”' for ask in one.asks[:3])}." if one.asks else ""
    return f"{one.by or 'A file'}, {day}: {one.digest}{rests}{asks}"


def opened(message: Message, desk: Desk) -> Reply:
    """An entry, with what may be done with it."""
    return _with_one(
        message, desk,
        lambda connection, one, person: Reply(outcome=Outcome.ENQUIRY, text=said_of(one), choices=choices(one)),
    )  # fmt: skip


def kept(message: Message, desk: Desk) -> Reply:
    """It is good for another year from today. Pressed again on the same day, nothing changes."""

    def move(connection: Connection, one: OwnEntry, person: Person) -> Reply:
        until = a_year_on(desk.day)
        if one.review_on != until:
            if not learnt.keep(connection, one.id, until):
                return Reply(outcome=Outcome.REFUSED, text=_GONE)
            _account(connection, one, person, desk)
        return Reply(outcome=Outcome.ENQUIRY, text=f"Kept until {in_words(until.isoformat())}.")

    return _with_one(message, desk, move)


def changed(message: Message, desk: Desk) -> Reply:
    """The form of what it says, and what was filled in: good for a year from today."""
    given = dict(message.fields)

    def move(connection: Connection, one: OwnEntry, person: Person) -> Reply:
        readable = readable_by(person.roles)
        said, wrong = forms.read({**given, "teach": "no"}, readable) if given else (None, {})
        if said is None:
            return forms.changing(one, readable, given, wrong)
        values = {"digest": said.text, "asks": list(said.asks), "access": said.access.value}
        learnt.change(connection, one.id, {**values, "review_on": a_year_on(desk.day)})
        _account(connection, one, person, desk)
        return Reply(outcome=Outcome.ENQUIRY, text=_CHANGED)

    return _found_from_now(_with_one(message, desk, move), desk)


def retired(message: Message, desk: Desk) -> Reply:
    """Nobody is answered with it any more."""

    def move(connection: Connection, one: OwnEntry, person: Person) -> Reply:
        learnt.retire(connection, one.id)
        _account(connection, one, person, desk)
        return Reply(outcome=Outcome.ENQUIRY, text=_RETIRED)

    return _found_from_now(_with_one(message, desk, move), desk)


_CHANGED = "Changed. The next who asks reads it so; it comes up for review in a year."
_RETIRED = "Retired: nobody is answered with it any more."


def _account(connection: Connection, one: OwnEntry, person: Person, desk: Desk) -> None:
    account(connection, Deed.CHANGED, "entry", one.id, desk.now(), by=known_as(person))


def _found_from_now(reply: Reply, desk: Desk) -> Reply:
    if reply.text in (_CHANGED, _RETIRED):
        desk.learn()
    return reply


def _with_one(message: Message, desk: Desk, move: Callable[[Connection, OwnEntry, Person], Reply]) -> Reply:
    """Does something with the entry a message is about, where its sender may, and may read it."""
    with desk.store.writing() as connection:
        person = settler(connection, message)
        if person is None:
            return Reply(outcome=Outcome.REFUSED, text=NOT_YOURS)
        one = learnt.by_id(connection, message.about)
        if one is None or one.standing is not Standing.LIVE or one.access not in readable_by(person.roles):
            return Reply(outcome=Outcome.REFUSED, text=_GONE)
        return move(connection, one, person)


def is_for_few(one: OwnEntry) -> bool:
    """Whether its words are not for a place where all officers read."""
    return one.access is Access.CONFIDENTIAL
