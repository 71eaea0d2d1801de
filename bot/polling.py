"""POLLING as the settings want it: when somebody asks for it, and by the worker when it is due."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

from sqlalchemy.engine import Connection

from bot.feeds.asking import Times
from bot.feeds.errors import FeedError, Stopped
from bot.feeds.find_a_tender import FindATender
from bot.feeds.holder import is_dead
from bot.feeds.poller import Poller
from bot.logs import log
from bot.settings import SettingsError
from bot.wiring import Wiring
from knowledge.audit import Deed, account
from knowledge.timeline.importing import Report, is_first, take_in
from knowledge.timeline.nouns import Read
from knowledge.timeline.polling import is_due, standing

Wait = Callable[[float], object]
"""Waits so many seconds, and gives True where it is time to stop."""


def quiet(words: str) -> None:
    """Tells nobody."""


def poller_of(
    wiring: Wiring,
    *,
    everybody: bool = False,
    dry: bool = False,
    announce: bool = False,
    wait: Wait = time.sleep,
    tell: Callable[[str], None] = quiet,
) -> Poller:
    """A poll of Find a Tender. `everybody`: takes in the notices of every buyer, not this council's only; `announce`:
    those who subscribed are told even by the first poll of an empty timeline. Raises SettingsError where the settings
    do not say who that is."""
    settings, buyers = wiring.settings, wiring.buyers
    if not everybody and not buyers.settled:
        raise SettingsError("DESK_BUYERS: is needed here, or DESK_COUNCIL: whose notices to take (--all: everybody's)")

    quiet = not announce and _is_first(wiring)

    def take(connection: Connection, read: Read, now: datetime, name: str) -> Report:
        notify = dry or not quiet
        report = take_in(connection, read, now, buyers, source=name, own_only=not everybody, announce=notify)
        report.quiet = quiet
        if any(report.counts.values()):  # it is asked many times a day, and mostly has nothing new
            account(connection, Deed.IMPORTED, "list", "notices", now, counts=report.counts)
        return report

    feed = FindATender(settings.notices_url, settings.max_file_bytes)
    return Poller(wiring.store, feed, take, Times(wiring.store.now, wait), dry=dry, tell=tell)


def poll_when_due(wiring: Wiring, wait: Wait = time.sleep) -> int:
    """The worker's part: polls where DESK_NOTICES_EVERY is set and the last poll, by whatever process, began so long
    ago. Returns how many releases came. A feed that fails is logged, shown by `desk check`, and asked again when the
    next poll is due."""
    every = timedelta(minutes=wiring.settings.notices_every)
    if not every or not _is_due(wiring, every):
        return 0
    poller = poller_of(wiring, wait=wait)
    try:
        poller.poll_if_due(every, first_of(wiring.settings.notices_first))
    except Stopped:
        log.info("notices", state="stopped", count=poller.summary.records)
    except FeedError:  # its text is in the record
        log.warning("notices", state="failed", count=poller.summary.records)
    else:
        log.info("notices", state="polled", count=poller.summary.records)
    return poller.summary.records


def first_of(day: date | None) -> datetime | None:
    """The first moment of a day."""
    return datetime.combine(day, time_of_day(), UTC) if day else None


def _is_first(wiring: Wiring) -> bool:
    """Whether no poll has read anything yet, and nothing of the council's own is to be seen: decided once for all pages
    of a poll, the first of which would make the others none."""
    with wiring.store.reading() as connection:
        return standing(connection).until is None and is_first(connection)


def _is_due(wiring: Wiring, every: timedelta) -> bool:
    """A look that takes no lock: the worker asks every few seconds."""
    with wiring.store.reading() as connection:
        return is_due(standing(connection), wiring.store.now(connection), every, is_dead)
