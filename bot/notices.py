"""NOTICES that others send: what was written down, into the record."""

from __future__ import annotations

from datetime import timedelta

from bot.logs import log, where_of
from bot.wiring import Wiring
from handlers.parking import park_event
from knowledge.audit import Deed, account
from knowledge.away import Away
from knowledge.incoming import MOST_ATTEMPTS, Event, claim, release, settle
from knowledge.timeline.importing import Report, take_in
from knowledge.timeline.nouns import Read
from knowledge.timeline.reading.jsonfile import read_json_text

SURFACE = "notices"
SMALL = 100
"""Records that are taken in while their sender waits; the worker takes in what has more."""
_AGAIN = timedelta(seconds=30)


def take_read(wiring: Wiring, read: Read, id: str) -> Report:
    """Takes a sending into the record, whole, and settles it: whoever signs it has chosen what to send."""
    with wiring.store.writing() as connection:
        now = wiring.store.now(connection)
        report = take_in(connection, read, now, wiring.buyers, source=id)
        account(connection, Deed.IMPORTED, "list", "notices", now, counts=report.counts)
    settle(wiring.store, id)
    return report


def leave(wiring: Wiring, id: str) -> None:
    """Leaves a sending to the worker, now."""
    release(wiring.store, id, -timedelta(seconds=1))


def take_up(wiring: Wiring) -> int:
    """The worker's part: takes in what was written down and not taken in. Returns how many sendings."""
    count = 0
    while events := claim(wiring.store, SURFACE, 1):
        _take(wiring, events[0])
        count += 1
    return count


def _take(wiring: Wiring, event: Event) -> None:
    """A sending that goes wrong is tried again, and in the end parked: it must not be tried for ever, nor vanish."""
    try:
        take_read(wiring, read_json_text(event.payload["body"].encode(), event.id), event.id)
    except Exception as error:
        parked = event.attempts >= MOST_ATTEMPTS and not isinstance(error, Away)  # a record that is away comes back
        state = "parked" if parked else "again"
        log.error("notices", state=state, attempts=event.attempts, error=type(error).__name__, where=where_of(error))
        if parked:
            park_event(wiring.desk, event.id, event.attempts)
        else:
            release(wiring.store, event.id, _AGAIN * event.attempts, event.attempts)
