"""When somebody looks again at what the desk has learnt."""

from __future__ import annotations

from datetime import date


def a_year_on(day: date) -> date:
    """The same day a year later; of 29 February, the first of March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
