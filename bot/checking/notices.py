"""Whether notices come in: how the last poll of Find a Tender went, and who may send."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.settings import Settings
from handlers.checking.findings import Finding, fine, warning
from knowledge.store import Store
from knowledge.timeline.polling import LEASE, Polling, standing

ABOUT = "Notices"
_LATE = timedelta(hours=1)
"""How long after a poll was due it counts as missed."""
_AGAIN = "Let this machine reach the address (HTTPS_PROXY, where it must); then: desk timeline poll"


def check_notices(settings: Settings, store: Store) -> list[Finding]:
    """How polling stands, where it is switched on or has been tried."""
    with store.reading() as connection:
        held, now = standing(connection), store.now(connection)
    if not settings.notices_every and held.began is None:
        return []
    if held.problem:
        what = f"The last poll of {settings.notices_url} ended early: {held.problem}. {_reached(held)}"
        return [warning(ABOUT, what, _AGAIN)]
    if settings.notices_every and _is_late(held, now, timedelta(minutes=settings.notices_every)):
        what = f"No poll has been made since one was due. {_reached(held)}"
        return [warning(ABOUT, what, "Keep a worker running (desk work), with the same DESK_NOTICES_EVERY")]
    return [fine(ABOUT, _reached(held))]


def _is_late(held: Polling, now: datetime, every: timedelta) -> bool:
    at_it = held.lease_until is not None and now < held.lease_until + LEASE
    return not at_it and (held.began is None or now > held.began + every + _LATE)


def _reached(held: Polling) -> str:
    if held.until is None:
        return "No notices have been taken from there yet."
    return f"Notices are in up to {held.until:%d/%m/%Y %H:%M} UTC."
