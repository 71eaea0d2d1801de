"""For whoever has alerts: what closes soon of what they asked to hear of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.home.nouns import SHOWN, Part, Row
from handlers.intentions.times import day_words
from handlers.messages import Choice
from knowledge.subscriptions.nouns import Subscription, reference_of
from knowledge.subscriptions.soon import Closing, closing_for

_AHEAD = timedelta(weeks=6)


def closing_soon(connection: Connection, alerts: Sequence[Subscription], desk: Desk) -> Part:
    """What closes within six weeks and is for one of these alerts, the soonest first."""
    found = closing_for(connection, alerts, desk.now(), _AHEAD)
    return Part(
        title="Closing soon", rows=tuple(_row(one, desk) for one in found[:SHOWN]), more=max(0, len(found) - SHOWN),
        page="/timeline", empty="Nothing that your alerts ask for closes within six weeks.",
    )  # fmt: skip


def _row(one: Closing, desk: Desk) -> Row:
    days = (one.closes - desk.day).days
    left = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    alerts = ", ".join(map(reference_of, one.alerts))
    opens = Choice(label="Open", action="open_intention", about=one.reference)
    return Row(f"{one.reference} {one.title}", f"closes {left}, {day_words(one.closes)} · for {alerts}", opens)
