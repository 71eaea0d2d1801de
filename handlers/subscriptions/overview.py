"""The alerts somebody has, at a glance."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from handlers.desk import Desk
from handlers.messages import Choice, Message
from handlers.subscriptions import saying
from handlers.subscriptions.whose import mine
from knowledge.subscriptions import pace
from knowledge.subscriptions.lately import brought_since
from knowledge.subscriptions.understanding.telling import one_line

SHOWN = 10
"""Alerts shown."""


class Alert(NamedTuple):
    """An alert in a list, in words. `buttons`: what may be done to it."""

    reference: str
    what: str
    how: str
    state: str
    lately: str
    buttons: tuple[Choice, ...]


class Alerts(NamedTuple):
    """What somebody has. `more`: how many are left out."""

    shown: tuple[Alert, ...] = ()
    more: int = 0


NO_ALERTS = Alerts()


def alerts(message: Message, desk: Desk) -> Alerts:
    """The alerts of whoever sent a message."""
    with desk.store.reading() as connection:
        found = mine(connection, message)
        shown = found[:SHOWN]
        brought = brought_since(connection, [one.id for one in shown], desk.now() - timedelta(days=saying.LATELY))
    lines = [
        Alert(
            one.reference, one_line(one.criteria), f"{pace.in_words(one.every)}, {saying.where_words(one)}",
            saying.state_words(one), saying.lately_words(brought.get(one.id, ())), saying.minding(one)[:2],
        )
        for one in shown
    ]  # fmt: skip
    return Alerts(tuple(lines), len(found) - len(shown))
