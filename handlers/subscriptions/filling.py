"""A form of an alert that was sent: started at once, or changed."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from handlers.subscriptions import forms, saying
from handlers.subscriptions.asked import Asked
from handlers.subscriptions.proposing import MOST, TOO_MANY, same, teller_of, written
from handlers.subscriptions.whose import Way, named, way_in
from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import State, Subscription
from knowledge.subscriptions.understanding.preview import would_have_matched
from knowledge.subscriptions.understanding.telling import one_line

GONE = "There is no such alert of yours, or not any more. Say “my alerts” for those there are."
_NOT_KNOWN = "I do not know where to reach you here."
_NOT_THERE = "I can only tell the Slack channel in which you opened the form, and only for people of this workspace."


def new(message: Message, desk: Desk) -> Reply:
    """The form, and what was filled in: sending it starts the alert. Sent twice, it does so once."""
    given = dict(message.fields)
    way = way_in(message, forms.where_in(given), desk)
    if way is None:
        return Reply(outcome=Outcome.REFUSED, text=_NOT_THERE if forms.where_in(given) else _NOT_KNOWN)
    if not given:
        return forms.new(message, {}, {})
    with desk.store.reading() as connection:
        criteria, every, wrong = forms.read(given, teller_of(connection, desk))
    if wrong:
        return forms.new(message, given, wrong)
    return _begun(Asked(one_line(criteria), criteria, every), way, desk)


def _begun(asked: Asked, way: Way, desk: Desk) -> Reply:
    with desk.store.writing() as connection:
        held = record.of_somebody(connection, (way.owner,))
        twin = same(held, asked, way)
        if twin is None and len(held) >= MOST:
            return Reply(outcome=Outcome.REFUSED, text=TOO_MANY)
        id = twin.id if twin else written(connection, asked, way, desk)
        if twin:
            record.change(connection, id, every=asked.every)
        record.agree(connection, id, desk.now())
        made = record.by_number(connection, id)
    assert made is not None  # noqa: S101 - just written
    return standing(made, desk, f"{made.reference} is on, {saying.where_words(made)}")


def change(message: Message, desk: Desk) -> Reply:
    """The form of one that there is, and what was changed in it."""
    given = dict(message.fields)
    with desk.store.reading() as connection:
        one = named(connection, message)
        if one is None or one.state is State.ENDED:
            return gone(one)
        if not given:
            return forms.changing(one, {}, {})
        criteria, every, wrong = forms.read(given, teller_of(connection, desk))
    if wrong:
        return forms.changing(one, given, wrong)
    with desk.store.writing() as connection:
        record.change(connection, one.id, criteria=criteria, every=every, sentence=one_line(criteria))
        made = record.by_number(connection, one.id)
    assert made is not None  # noqa: S101 - ended ones are kept for weeks
    return gone(made) if made.state is State.ENDED else standing(made, desk, f"{made.reference} is changed")


def standing(one: Subscription, desk: Desk, done: str) -> Reply:
    """What an alert asks for now, and what would have come of it. `done`: what was done to it."""
    with desk.store.reading() as connection:
        found = would_have_matched(connection, one.criteria, desk.day)
    waits = one.state is State.UNCONFIRMED
    return Reply(
        outcome=Outcome.SUBSCRIPTION,
        text=f"{done}. {saying.criteria_words(one.criteria, one.every)} {saying.preview_words(found)}",
        table=saying.preview_table(found, desk.day),
        choices=saying.starting(one.reference, one.every) if waits else saying.minding(one),
    )


def gone(one: Subscription | None) -> Reply:
    """What is said of an alert that has ended, or is not the asker's."""
    if one is None:
        return Reply(outcome=Outcome.REFUSED, text=GONE)
    text = f"{one.reference} has ended ({saying.state_words(one).partition(': ')[2]})."
    return Reply(outcome=Outcome.SUBSCRIPTION, text=text, choices=saying.minding(one))
