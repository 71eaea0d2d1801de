"""The alerts somebody has: listed, paused, taken up again, deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy.engine import Connection

from handlers.concerns.case import known_as, sender
from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.subscriptions import filling, saying
from handlers.subscriptions.whose import administers, mine, named
from handlers.timeline_cells import table as intentions
from knowledge.audit import Deed, account
from knowledge.subscriptions import record
from knowledge.subscriptions.lately import brought_since, passed_by
from knowledge.subscriptions.nouns import State, Subscription, number_of
from knowledge.timeline.selecting import Shown

SHOWN = 7
"""Alerts of which a reply shows buttons: three each, and Slack takes 25."""
_NEW = Choice(label="New alert", action="new_alert", opens_form=True)
_NONE = (
    "You have no alerts. Say what you want to hear of, such as “tell me about home care work in Thanet under £500k”."
)


def my_alerts(message: Message, desk: Desk, numbers: Sequence[int] = ()) -> Reply:
    """The alerts of whoever asks, with what came of them lately. `numbers`: only these, as a button's `about` may say
    too; none for all."""
    numbers = numbers or numbers_in(message.about)
    with desk.store.reading() as connection:
        found = [one for one in mine(connection, message) if not numbers or one.id in numbers]
        if not found:
            return Reply(outcome=Outcome.SUBSCRIPTION, text=_NONE, choices=(_NEW,))
        shown = found[:SHOWN]
        since = desk.now() - timedelta(days=saying.LATELY)
        brought = brought_since(connection, [one.id for one in shown], since)
    count = "You have one alert." if len(found) == 1 else f"You have {len(found)} alerts."
    rest = "" if len(found) == len(shown) else f" The oldest {SHOWN} are shown: “pause S-12”, “stop S-12” reach others."
    return Reply(
        outcome=Outcome.SUBSCRIPTION, text=count + rest, table=saying.alerts_table(shown, brought, len(found)),
        choices=(*_buttons(shown), _NEW),
    )  # fmt: skip


def numbers_in(about: str) -> list[int]:
    """The alerts that a message's button is about: "3,7"."""
    return [found for part in about.split(",") if (found := number_of(part)) is not None]


def _buttons(shown: Sequence[Subscription]) -> list[Choice]:
    return [choice for one in shown for choice in saying.minding(one, several=len(shown) > 1, listed=True)]


def pause(message: Message, desk: Desk) -> Reply:
    """Pauses one."""

    def done(connection: Connection, one: Subscription) -> str:
        record.pause(connection, one.id, desk.now())
        return f"{one.reference} is paused. Nothing is sent until you resume it."

    return _moved(message, desk, done)


def resume(message: Message, desk: Desk) -> Reply:
    """Takes one up again, and says what passed by meanwhile; none of that is sent."""
    missed: list[Shown] = []

    def done(connection: Connection, one: Subscription) -> str:
        if one.state is not State.PAUSED or not record.resume(connection, one.id, desk.now()):
            return f"{one.reference} is on."
        missed.extend(passed_by(connection, one, one.paused_at or one.since, desk.day))
        return f"{one.reference} is on again. {_missed(len(missed))}"

    reply = _moved(message, desk, done)
    table = intentions(missed, len(missed), desk.day, desk.day, "/timeline") if missed else None
    where = f"All that is planned: {desk.address}/timeline" if missed and desk.address else ""
    return reply.model_copy(update={"table": table, "notes": (*reply.notes, *filter(None, (where,)))})


def _missed(count: int) -> str:
    if not count:
        return "Nothing that fits was published or changed meanwhile."
    what = "One intention that fits was" if count == 1 else f"{count:,} intentions that fit were"
    return f"{what} published or changed while it was paused. I send none of that now; it stands on the timeline."


def delete(message: Message, desk: Desk) -> Reply:
    """Ends one, at once; what it asked for can be started again."""
    return _ended(message, desk, "deleted", "is deleted. Nothing more is sent of it.")


def unsubscribe(message: Message, desk: Desk) -> Reply:
    """The button of a message that alerts brought: ends those of them ("3,7") that are the presser's."""
    replies = [
        _ended(message.model_copy(update={"about": str(number)}), desk, "unsubscribed", "is stopped.")
        for number in numbers_in(message.about)
    ]
    if len(replies) == 1:
        return replies[0]
    done = [reply for reply in replies if reply.outcome is Outcome.SUBSCRIPTION]
    if not done:
        return filling.gone(None)
    choices = tuple(choice for reply in done for choice in reply.choices)
    return Reply(outcome=Outcome.SUBSCRIPTION, text=" ".join(reply.text for reply in done), choices=choices)


def _ended(message: Message, desk: Desk, why: str, done: str) -> Reply:
    with desk.store.writing() as connection:
        one = named(connection, message)
        number = number_of(message.about.partition("|")[0])
        if one is None and number is not None and administers(connection, message):
            one = record.by_number(connection, number)
        if one is None:
            return filling.gone(None)
        ended = record.end(connection, one.id, why, desk.now())
        own = named(connection, message)
        if own is None and ended:
            by = known_as(sender(connection, message))
            account(connection, Deed.CHANGED, "subscription", one.id, desk.now(), by=by, counts={"ended": 1})
        others = mine(connection, message) if message.about.endswith("|list") else []
    if own is None:
        return Reply(outcome=Outcome.SUBSCRIPTION, text=f"{one.reference}, of {one.owner}, {done}")
    again = Choice(label=f"Start {one.reference} again", action="again_alert", about=one.reference)
    text = f"{one.reference} {done}" if ended else f"{one.reference} has ended already."
    return Reply(outcome=Outcome.SUBSCRIPTION, text=text, choices=(*_buttons(others[:SHOWN]), again))


def _moved(message: Message, desk: Desk, move: Callable[[Connection, Subscription], str]) -> Reply:
    """Does something to one of the sender's alerts; the buttons that apply now come with what was done."""
    with desk.store.writing() as connection:
        one = named(connection, message)
        if one is None or one.state is State.ENDED:
            return filling.gone(one)
        if one.state is State.UNCONFIRMED:
            text = f"{one.reference} has not been started."
            choices = saying.starting(one.reference, one.every)
            return Reply(outcome=Outcome.SUBSCRIPTION, text=text, choices=choices)
        text = move(connection, one)
        now = record.by_number(connection, one.id) or one
        shown = mine(connection, message)[:SHOWN] if message.about.endswith("|list") else [now]
    return Reply(outcome=Outcome.SUBSCRIPTION, text=text, choices=tuple(_buttons(shown)))
