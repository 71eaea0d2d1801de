"""The quarters of a council's year, as they stand in addresses and in headings."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from knowledge.periods import Period, months_on, whole_month
from knowledge.timeline.when import quarter_of

SHOWN = 8
"""How many quarters the picture shows, this one included."""
_SLUG = re.compile(r"(jan-mar|apr-jun|jul-sep|oct-dec)-(20\d\d)")
_FIRST_MONTH = {"jan-mar": 1, "apr-jun": 4, "jul-sep": 7, "oct-dec": 10}


class Quarter(NamedTuple):
    """A quarter. `slug`: as it stands in addresses, "jul-sep-2027"; `months`: "Jul–Sep 2027"; `name`: "Q2 2027/28"."""

    slug: str
    months: str
    name: str
    period: Period

    def from_day(self, day: date) -> Period:
        """What of it is still to come on a day; the whole of a quarter that has passed."""
        first, last = self.period
        return Period(max(first, day), last) if day <= last else self.period


def quarter_at(day: date) -> Quarter:
    """The quarter a day is in."""
    period = quarter_of(day)
    first, last = period
    number = (first.month - 4) % 12 // 3 + 1
    year = first.year - (first.month < 4)
    months = f"{first:%b}–{last:%b}"
    return Quarter(
        f"{first:%b}-{last:%b}-{first.year}".lower(), f"{months} {first.year}",
        f"Q{number} {year}/{(year + 1) % 100:02}", period,
    )  # fmt: skip


def quarters_from(day: date, count: int = SHOWN) -> list[Quarter]:
    """This quarter and those after it."""
    first = quarter_of(day).first
    return [quarter_at(months_on(first, 3 * number)) for number in range(count)]


def read_quarter(slug: str) -> Quarter | None:
    """The quarter of an address; None for what is none."""
    found = _SLUG.fullmatch(slug.strip().lower())
    return quarter_at(whole_month(int(found[2]), _FIRST_MONTH[found[1]]).first) if found else None
