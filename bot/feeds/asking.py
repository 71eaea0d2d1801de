"""Asking a feed with patience: within its pace, again where it is silent or has had enough, and not for ever."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple, Protocol

from sqlalchemy.engine import Connection

from bot.feeds.errors import Busy, FeedError, Silent, Stopped
from bot.feeds.page import Page
from knowledge.store import Store
from knowledge.timeline.pace import SPAN, rest, take_turn
from knowledge.timeline.polling import Window, renew

WAITS = (2.0, 8.0, 30.0, 120.0)
"""Seconds between tries where no answer comes; after as many and one more the poll is over."""
LONGEST = timedelta(minutes=15)
"""Who is to be left alone for longer is left alone until the next poll."""
_SLICE = 30.0
"""Seconds after which whoever waits says that it is alive: well within its lease."""


class Feed(Protocol):
    """What can be asked for pages."""

    url: str

    def page(self, window: Window, cursor: str = "") -> Page:
        """A page of a window. Raises FeedError."""


class Times(NamedTuple):
    """`now`: the record's clock. `wait`: waits so many seconds, and gives True where it is time to stop."""

    now: Callable[[Connection], datetime]
    wait: Callable[[float], object]


class Asker:
    """Asks a feed in the name of whoever holds the poll. `requests`: how many it has made; `tell`: is told, in words,
    why nothing happens."""

    def __init__(self, store: Store, feed: Feed, times: Times, holder: str, tell: Callable[[str], None]) -> None:
        self.requests = 0
        self._store, self._feed, self._times = store, feed, times
        self._holder, self._tell = holder, tell

    def page(self, window: Window, cursor: str = "") -> Page:
        """A page, however many tries it takes. Raises FeedError, and Lost where another has taken over the poll."""
        problem = FeedError()
        for wait in (*WAITS, None):
            self._await_turn()
            self.requests += 1
            try:
                return self._feed.page(window, cursor)
            except Busy as busy:
                problem = busy
                self._rest(busy)
            except Silent as silent:
                problem = silent
                if wait is not None:
                    self._tell(f"no answer, trying again in {wait:.0f} s")
                    self._sleep(wait)
        raise FeedError(f"{problem}, {len(WAITS) + 1} times")

    def _await_turn(self) -> None:
        while wait := self._turn():
            if wait > LONGEST:
                raise FeedError(f"it asked to be left alone for another {math.ceil(wait.total_seconds() / 60)} minutes")
            self._tell(f"waiting {math.ceil(wait.total_seconds())} s: the feed allows 12 requests in two minutes")
            self._sleep(wait.total_seconds())

    def _turn(self) -> timedelta:
        with self._store.writing() as connection:
            now = self._times.now(connection)
            renew(connection, now, self._holder)
            return take_turn(connection, now)

    def _rest(self, busy: Busy) -> None:
        """Written down, so that every other process leaves the feed alone as well."""
        with self._store.writing() as connection:
            now = self._times.now(connection)
            rest(connection, now, wait_asked(busy.retry_after, now) or SPAN)

    def _sleep(self, seconds: float) -> None:
        while seconds > 0:
            if self._times.wait(min(seconds, _SLICE)):
                raise Stopped
            seconds -= _SLICE
            with self._store.writing() as connection:
                renew(connection, self._times.now(connection), self._holder)


def wait_asked(header: str, now: datetime) -> timedelta | None:
    """How long a Retry-After asks to wait: seconds, decimals too, or a date of HTTP. None where it says nothing."""
    try:
        seconds = float(header)
    except ValueError:
        return _until(header, now)
    return timedelta(seconds=min(max(seconds, 0.0), 86_400.0)) if math.isfinite(seconds) else None


def _until(header: str, now: datetime) -> timedelta | None:
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(aware - now, timedelta())
