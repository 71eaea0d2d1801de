"""Moments and days as feeds write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from knowledge.register.reading.days import NoDay, read_day
from knowledge.timeline.reading.mending import plausible_day
from knowledge.timeline.when import When, on_day
from knowledge.workdays import LONDON

_MINUTES = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d+)? ?(Z|[+-]\d\d(?::?\d\d)?)?", re.I)
_LAST_MINUTE = time(23, 58)


def read_moment(value: Any) -> datetime | None:
    """A moment in UTC, taken for London's where it has no zone; a day is its first moment. None for what is none, or
    far from any notice's."""
    if not isinstance(value, str) or not (found := _MINUTES.fullmatch(value.strip())):
        day = _bare_day(value)
        return datetime.combine(day, time(0), UTC) if day else None
    try:
        at = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ':00'}{(found[5] or '').upper()}")
        at = at if at.tzinfo else at.replace(tzinfo=LONDON)
        return at.astimezone(UTC) if plausible_day(at.date()) else None
    except (ValueError, OverflowError):
        return None


def read_date(value: Any) -> date | None:
    """The day a moment is in, in London: midnight of a summer's day is eleven in UTC the night before. The last minute
    of a day in UTC is that day, for so it was meant. None for what is no day, or a placeholder."""
    at = read_moment(value)
    if at is None or not isinstance(value, str) or len(value.strip()) <= 10:
        return at.date() if at else None
    day = at.date() if at.time() >= _LAST_MINUTE else at.astimezone(LONDON).date()
    return plausible_day(day)


def earliest(values: Iterable[Any]) -> When | None:
    """The first of the days that can be read."""
    days = [day for value in values if (day := read_date(value))]
    return on_day(min(days)) if days else None


def latest(values: Iterable[Any]) -> When | None:
    """The last of the days that can be read."""
    days = [day for value in values if (day := read_date(value))]
    return on_day(max(days)) if days else None


def _bare_day(value: Any) -> date | None:
    if not isinstance(value, str) or len(value) > 60:
        return None
    try:
        day, rest = read_day(value)
    except (NoDay, ValueError):
        return None
    return plausible_day(day) if day and (not rest or re.match(r"\d", value.strip())) else None
