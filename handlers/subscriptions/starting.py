"""Starting an alert, or not: a press by somebody whom the surface knows is all the agreement it takes."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from handlers.subscriptions import filling, saying
from handlers.subscriptions.asked import Asked
from handlers.subscriptions.proposing import MOST, TOO_MANY, again, same, written
from handlers.subscriptions.whose import mine, named, way_to
from knowledge.subscriptions import confirming, pace, record
from knowledge.subscriptions.nouns import Criteria, State, Subscription
from knowledge.timeline.selecting import shown_of

_SPENT = "This does not work any more. Say what you want to hear of once more, and it is set up anew."
_NO_INTENTION = "There is no such intention on the timeline."


def start(message: Message, desk: Desk) -> Reply:
    """Starts an alert as often as the button says ("S-12|daily"). Pressed again, nothing is done twice; another of
    these buttons changes how often."""
    try:
        every = pace.read_every(message.about.partition("|")[2])
    except ValueError:  # no button of ours
        return filling.gone(None)
    with desk.store.writing() as connection:
        one = named(connection, message)
        if one is None or one.state is State.ENDED:
            return filling.gone(one)
        if one.state is State.UNCONFIRMED and len(mine(connection, message)) >= MOST:
            return Reply(outcome=Outcome.REFUSED, text=TOO_MANY)
        record.change(connection, one.id, every=every)
        began = record.agree(connection, one.id, desk.now())
        now = record.by_number(connection, one.id) or one
    return _on(now, "" if began or one.every != every else "already ")


def _on(one: Subscription, already: str = "") -> Reply:
    if one.state is State.PAUSED:
        text = f"{one.reference} is paused; when you resume it you hear {pace.in_words(one.every)}."
        return Reply(outcome=Outcome.SUBSCRIPTION, text=text, choices=saying.minding(one))
    how = f"{pace.in_words(one.every)}, {saying.where_words(one)}"
    return Reply(
        outcome=Outcome.SUBSCRIPTION,
        text=f"{one.reference} is {already}on: you hear {how}, of what fits and of every change of it with its reason. "
        "“My alerts” shows all you have.",
        choices=saying.minding(one),
    )


def no(message: Message, desk: Desk) -> Reply:
    """Does not start it. One that is on stays on: it has a button of its own to delete it."""
    with desk.store.writing() as connection:
        one = named(connection, message)
        if one and one.state is State.UNCONFIRMED:
            record.end(connection, one.id, "deleted", desk.now())
            one = None
    if one and one.state is not State.ENDED:
        return _on(one, "already ")
    return Reply(outcome=Outcome.SUBSCRIPTION, text="Nothing is set up, and nothing will be sent.")


def start_again(message: Message, desk: Desk) -> Reply:
    """Offers anew what an ended alert asked for."""
    with desk.store.reading() as connection:
        one = named(connection, message)
    return again(message, desk, one) if one else filling.gone(None)


def follow(message: Message, desk: Desk) -> Reply:
    """Tells its presser of every change of one intention, from now on."""
    way = way_to(message, desk)
    if way is None:
        return Reply(outcome=Outcome.REFUSED, text="I do not know where to reach you here.")
    with desk.store.writing() as connection:
        found = shown_of(connection, [message.about])
        if not found:
            return Reply(outcome=Outcome.REFUSED, text=_NO_INTENTION)
        reference = found[0].reference
        asked = Asked(f"Changes of {reference}", Criteria(follows=(reference,)), pace.AT_ONCE)
        held = record.of_somebody(connection, (way.owner,))
        twin = same(held, asked, way)
        if twin is None and len(held) >= MOST:
            return Reply(outcome=Outcome.REFUSED, text=TOO_MANY)
        one = twin or _agreed(connection, written(connection, asked, way, desk), desk)
    return _on(one, "already " if twin else "")


def _agreed(connection: Connection, id: int, desk: Desk) -> Subscription:
    record.agree(connection, id, desk.now())
    found = record.by_number(connection, id)
    assert found is not None  # noqa: S101 - just written
    return found


def confirm(message: Message, desk: Desk) -> Reply:
    """Confirms what was asked for in somebody's name, by the button of the message that tells them: only they, or in a
    Slack channel that was to be told, somebody there."""
    with desk.store.writing() as connection:
        id = confirming.works(connection, message.about, desk.now())
        id = confirming.used_for(connection, message.about) if id is None else id
        one = record.by_number(connection, id) if id is not None else None
        if one is None or one.state is State.ENDED:
            return Reply(outcome=Outcome.REFUSED, text=_SPENT)
        there = bool(message.said_in) and message.said_in == one.recipient
        if not there and named(connection, message.model_copy(update={"about": one.reference})) is None:
            return Reply(outcome=Outcome.REFUSED, text=_SPENT)
        began = confirming.use(connection, message.about, desk.now()) is not None
        now = record.by_number(connection, one.id) or one
    return _on(now, "" if began else "already ")
