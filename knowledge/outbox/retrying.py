"""When a notification that could not be sent is tried again, and when it is left to a person."""

from __future__ import annotations

from datetime import timedelta

_WAITS = tuple(timedelta(seconds=one) for one in (10, 60, 300, 1_800, 3_600, 7_200, 14_400))
_URGENT_WAITS = tuple(timedelta(seconds=one) for one in (5, 15, 30, 60, 120, 300, 600))
_MOST = 23
"""With the waits above: two days and twenty hours, so that what broke on a Friday evening is mended on the Monday."""
_MOST_URGENT = 100
"""With the waits above: fifteen hours and a half, a night."""


def most_attempts(urgent: bool) -> int:
    """Tries before a notification is parked."""
    return _MOST_URGENT if urgent else _MOST


def wait_after(attempts: int, urgent: bool) -> timedelta:
    """How long to wait after so many tries (1 or more): longer each time, up to four hours, for urgent ones ten
    minutes."""
    waits = _URGENT_WAITS if urgent else _WAITS
    return waits[min(max(attempts, 1), len(waits)) - 1]
