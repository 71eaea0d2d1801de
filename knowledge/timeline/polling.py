"""Polling a feed of notices: how far it has been read, in which windows it is asked, and who is asking.

All of it is one row of the record, so that whoever holds the row knows that nobody else moves it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.engine import Connection

from knowledge.models import Noun
from knowledge.timeline.holding import hold, look_at, write_held

WINDOW = timedelta(hours=6)
"""Find a Tender leaves releases out where it is asked for more time at once."""
OVERLAP = timedelta(minutes=10)
"""How far before the mark a poll begins: a release may appear late."""
FIRST = timedelta(days=2)
"""How far back the first poll looks where nobody says."""
LEASE = timedelta(minutes=2)
"""How long whoever polls may be silent before another takes over."""
_NAME = "notices_poll"


class Lost(Exception):
    """Another process has taken over."""


class Polling(Noun):
    """How polling stands. `feed`: the address that was polled; `until`: the mark, up to where it has been read whole;
    `holder`: who is at it, "" for nobody, and `lease_until` when it counts as dead; `began`, `ended`: the last poll;
    `problem`: why it failed, "" where it did not."""

    feed: str = ""
    until: datetime | None = None
    holder: str = ""
    lease_until: datetime | None = None
    began: datetime | None = None
    ended: datetime | None = None
    problem: str = ""


class Window(NamedTuple):
    """A span of time that the feed is asked for."""

    start: datetime
    end: datetime


def begin_at(mark: datetime | None, since: datetime | None, first: datetime) -> datetime:
    """Where a poll begins. `since`: where somebody wants it to, which may be before the mark and leaves nothing out
    where it is after; `first`: where, when neither is known."""
    if mark is None:
        return since or first
    return min(since, mark - OVERLAP) if since else mark - OVERLAP


def windows(start: datetime, until: datetime) -> Iterator[Window]:
    """Windows from a start up to now, each beginning where the last ends."""
    while start < until:
        end = min(start + WINDOW, until)
        yield Window(start, end)
        start = end


def claim(
    connection: Connection,
    now: datetime,
    holder: str,
    feed: str,
    *,
    every: timedelta = timedelta(),
    is_dead: Callable[[str], bool] = lambda holder: False,
) -> Polling | None:
    """Makes polling this holder's own. None where another is at it, or the last poll began less than `every` ago and
    ended. `is_dead`: whether a holder is known to live no more. Another feed than the last is read from its start."""
    held = hold(connection, _NAME, Polling)
    if not is_due(held, now, every, is_dead):
        return None
    mark = held.until if held.feed == feed and not _is_ahead(held, now) else None
    mine = {"feed": feed, "until": mark, "holder": holder, "lease_until": now + LEASE, "began": now}
    claimed = held.model_copy(update=mine)
    write_held(connection, _NAME, claimed)
    return claimed


def _is_ahead(held: Polling, now: datetime) -> bool:
    """Whether the mark is where nothing can have been read yet: the clock was wrong when it was set."""
    return held.until is not None and held.until > now + OVERLAP


def is_due(held: Polling, now: datetime, every: timedelta, is_dead: Callable[[str], bool]) -> bool:
    """Whether a poll may begin. What a dead holder left is due at once."""
    if held.holder:
        leased = held.lease_until is not None and now < held.lease_until <= now + LEASE
        return not leased or is_dead(held.holder)
    return held.began is None or not held.began <= now < held.began + every


def renew(connection: Connection, now: datetime, holder: str) -> None:
    """This holder is alive. Raises Lost where it is so no more."""
    held = _mine(connection, holder)
    write_held(connection, _NAME, held.model_copy(update={"lease_until": now + LEASE}))


def advance(connection: Connection, holder: str, end: datetime) -> None:
    """Everything up to there is read: moves the mark, never back. Raises Lost."""
    held = _mine(connection, holder)
    write_held(connection, _NAME, held.model_copy(update={"until": max(end, held.until or end)}))


def let_go(connection: Connection, now: datetime, holder: str, problem: str = "") -> None:
    """The poll is over. Does nothing where another has taken over."""
    held = hold(connection, _NAME, Polling)
    if held.holder == holder:
        over = {"holder": "", "lease_until": None, "ended": now, "problem": problem}
        write_held(connection, _NAME, held.model_copy(update=over))


def standing(connection: Connection) -> Polling:
    """How polling stands, to look at only."""
    return look_at(connection, _NAME, Polling)


def _mine(connection: Connection, holder: str) -> Polling:
    held = hold(connection, _NAME, Polling)
    if held.holder != holder:
        raise Lost
    return held
