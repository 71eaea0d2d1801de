"""When a notification that could not be sent is tried again, and when it is left to a person."""

from __future__ import annotations

from datetime import timedelta

from knowledge.outbox.strangers import STRANGERS

_WAITS = tuple(timedelta(seconds=one) for one in (10, 60, 300, 1_800, 3_600, 7_200, 14_400))
_URGENT_WAITS = tuple(timedelta(seconds=one) for one in (5, 15, 30, 60, 120, 300, 600))
_STRANGERS_WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=one) for one in (2, 5, 10, 14, 20, 24)),
)
"""The schedule of Standard Webhooks, which the handbook publishes: three days, three hours and a half."""
_JITTER = 0.1
"""The most that is added to a wait of that schedule, as a part of it: what failed together comes back apart."""
_BELIEVED = 3
"""Tries in a row for which a channel that says how long to wait is taken at its word, however short that is."""
_MOST = 23
"""With the waits above: two days and twenty hours, so that what broke on a Friday evening is mended on the Monday."""
_MOST_URGENT = 100
"""With the waits above: fifteen hours and a half, a night."""


def most_attempts(urgent: bool, channel: str = "") -> int:
    """Tries before a notification is parked; on a channel to strangers' servers, before the server is given up."""
    if channel in STRANGERS:
        return len(_STRANGERS_WAITS) + 1
    return _MOST_URGENT if urgent else _MOST


def wait_after(
    attempts: int, urgent: bool, channel: str = "", *, asked: timedelta | None = None, luck: float = 0.0
) -> timedelta:
    """How long to wait after so many tries (1 or more): longer each time, up to four hours, for urgent ones ten
    minutes. `asked`: how long the channel says to wait, which counts; but it does not make it shorter than the
    schedule for long, nor a stranger's server at all: so all tries would be used up within the hour. `luck`: a random
    number from 0 to 1."""
    tries = max(attempts, 1)
    if channel in STRANGERS:
        wait = _STRANGERS_WAITS[min(tries, len(_STRANGERS_WAITS)) - 1]
        return max(wait * (1 + _JITTER * luck), asked or timedelta())
    waits = _URGENT_WAITS if urgent else _WAITS
    if asked is not None and tries <= _BELIEVED:
        return asked
    counted = tries if asked is None else tries - _BELIEVED
    return max(waits[min(counted, len(waits)) - 1], asked or timedelta())
