"""POLLING, one poll: a feed of notices, window by window and page by page, into the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from bot.channels.settling import process_name
from bot.feeds.asking import Asker, Feed, Times
from bot.feeds.errors import FeedError, Stopped
from bot.feeds.holder import is_dead
from bot.feeds.page import Page, read_page
from bot.feeds.summary import Summary
from knowledge.store import Store
from knowledge.timeline.importing import Report
from knowledge.timeline.nouns import Read
from knowledge.timeline.polling import (
    FIRST,
    Lost,
    Polling,
    Window,
    advance,
    begin_at,
    claim,
    let_go,
    renew,
    windows,
)

TakeIn = Callable[[Connection, Read, datetime, str], Report]
"""Takes what a page says into the record: the page, when, and a name for the page."""
_MOST_PAGES = 1_000  # of one window: more than Find a Tender has published in any month


class Poller:
    """One poll of a feed. `summary`: what it has done, also after it has failed; `dry`: takes nothing in, and leaves
    the mark where it is; `tell`: is told, in words, how it goes."""

    def __init__(
        self,
        store: Store,
        feed: Feed,
        take: TakeIn,
        times: Times,
        *,
        dry: bool = False,
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        self.summary = Summary()
        self._store, self._feed, self._take, self._times = store, feed, take, times
        self._dry, self._tell = dry, tell
        self._holder = process_name()
        self._asker = Asker(store, feed, times, self._holder, tell)

    @property
    def requests(self) -> int:
        """Requests made so far."""
        return self._asker.requests

    def poll(self, since: datetime | None = None, first: datetime | None = None) -> Summary:
        """Polls up to now; where another is at it, after it. `since`: from there, even where the mark is later;
        `first`: from there where there is no mark, else two days back. Raises FeedError, after which the mark stands at
        the last window that is whole."""
        until = self._now().replace(microsecond=0)
        if claimed := self._claim(timedelta()):
            return self._poll(claimed, begin_at(claimed.until, since, first or until - FIRST), until)
        claimed = self._wait_for_the_other()
        if since is None and claimed.until and claimed.until >= until:  # the other has read it all
            return self._poll(claimed, until, until)
        return self._poll(claimed, begin_at(claimed.until, since, first or until - FIRST), until)

    def poll_if_due(self, every: timedelta, first: datetime | None = None) -> Summary | None:
        """Polls up to now, where the last poll began so long ago and nobody is at it; None where not."""
        until = self._now().replace(microsecond=0)
        claimed = self._claim(every)
        return self._poll(claimed, begin_at(claimed.until, None, first or until - FIRST), until) if claimed else None

    def _wait_for_the_other(self) -> Polling:
        while True:
            self._tell("another process is polling: waiting for it")
            if self._times.wait(1.0):
                raise Stopped
            if claimed := self._claim(timedelta()):
                return claimed

    def _poll(self, claimed: Polling, start: datetime, until: datetime) -> Summary:
        self.summary.until = claimed.until
        problem = "something went wrong on our side: the log names the place"
        try:
            for window in windows(start, until):
                self._take_window(window)
            problem = ""
        except Lost:
            raise FeedError("another process has taken over") from None
        except (KeyboardInterrupt, Stopped):
            problem = ""
            raise
        except FeedError as error:
            problem = str(error)
            raise
        finally:
            self._let_go(problem)
        return self.summary

    def _take_window(self, window: Window) -> None:
        """The mark moves with the last page, and in its transaction."""
        span = f"{window.start:%d %b %Y %H:%M} to {window.end:%d %b %H:%M}"
        self._tell(f"{span}: {self.summary.records:,} releases so far")
        cursor, seen = "", {""}
        for number in range(1, _MOST_PAGES + 1):
            page = self._asker.page(window, cursor)
            self._take_page(page, window, f"find-a-tender {window.start:%Y-%m-%dT%H:%M:%S} page {number}")
            if not page.cursor:
                self.summary.windows += 1
                return
            if page.cursor in seen:
                raise FeedError("its pages go round in a circle")
            cursor = page.cursor
            seen.add(cursor)
        raise FeedError(f"one of its windows has more than {_MOST_PAGES:,} pages")

    def _take_page(self, page: Page, window: Window, name: str) -> None:
        read = read_page(page, name)
        with self._store.writing() as connection:
            now = self._times.now(connection)
            renew(connection, now, self._holder)
            report = self._take(connection, read, now, name) if read.records else None
            if self._dry:
                connection.rollback()
            elif not page.cursor:
                advance(connection, self._holder, window.end)
        if report:
            self.summary.count(report)
        if not page.cursor and not self._dry:
            self.summary.until = max(window.end, self.summary.until or window.end)

    def _claim(self, every: timedelta) -> Polling | None:
        with self._store.writing() as connection:
            now = self._times.now(connection)
            return claim(connection, now, self._holder, self._feed.url, every=every, is_dead=is_dead)

    def _let_go(self, problem: str) -> None:
        with self._store.writing() as connection:
            let_go(connection, self._times.now(connection), self._holder, problem)

    def _now(self) -> datetime:
        with self._store.reading() as connection:
            return self._times.now(connection)
