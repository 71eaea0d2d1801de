"""Moments and days as the Open Contracting Data Standard writes them."""

from __future__ import annotations

from datetime import UTC, datetime, time

from knowledge.timeline.when import When
from knowledge.workdays import LONDON

_LAST = time(23, 59, 59)


def moment(at: datetime) -> str:
    """A moment: 2027-07-01T09:30:00Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def begins(when: When | None) -> str | None:
    """The first moment of a day, by London's clocks; None for what is no day: a plan for a quarter has said none."""
    return _at(when, time(0))


def ends(when: When | None) -> str | None:
    """The last second of a day; None as above."""
    return _at(when, _LAST)


def _at(when: When | None, clock: time) -> str | None:
    if when is None or not when.is_day:
        return None
    return datetime.combine(when.first, clock, LONDON).isoformat()
