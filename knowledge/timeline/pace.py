"""How often a feed is asked: not more than it allows, whoever of the desk's processes and machines does the asking.

Find a Tender allows 12 requests in two minutes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from knowledge.models import Noun
from knowledge.timeline.holding import hold, write_held

MOST = 12
"""Requests in any SPAN."""
SPAN = timedelta(minutes=2)
_MARGIN = timedelta(seconds=5)
"""A request may be slower on its way than the one before it, and arrive nearer to it than it left."""
_LONGEST_REST = timedelta(days=1)
_NAME = "notices_pace"


class Pace(Noun):
    """When the feed was asked lately, oldest first, and until when it wants to be left alone."""

    asked: tuple[datetime, ...] = ()
    rest_until: datetime | None = None


def take_turn(connection: Connection, now: datetime) -> timedelta:
    """Counts one request that is made now, and gives nothing to wait; or counts none, and gives how long to wait before
    trying again."""
    pace = hold(connection, _NAME, Pace)
    lately = tuple(one for one in pace.asked if abs(now - one) < SPAN + _MARGIN)  # abs: a clock may be put back
    if wait := _wait(pace, lately, now):
        return wait
    write_held(connection, _NAME, Pace(asked=(*lately, now)))
    return timedelta()


def rest(connection: Connection, now: datetime, wait: timedelta) -> None:
    """The feed wants to be left alone for so long."""
    pace = hold(connection, _NAME, Pace)
    until = now + min(wait, _LONGEST_REST)
    write_held(connection, _NAME, pace.model_copy(update={"rest_until": until}))


def _wait(pace: Pace, lately: tuple[datetime, ...], now: datetime) -> timedelta:
    ends = [lately[-MOST] + SPAN + _MARGIN] if len(lately) >= MOST else []
    if pace.rest_until and pace.rest_until - now <= _LONGEST_REST:
        ends.append(pace.rest_until)
    return max([end - now for end in ends] + [timedelta()])
