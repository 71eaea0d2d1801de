"""Times as people say them, from a day on: "April 2027", "next 6 months", "2026/27", "the end of March"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple


class Period(NamedTuple):
    """From the first day to the last, both included."""

    first: date
    last: date


MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple of": 2, "a couple of": 2, "three": 3, "few": 3, "a few": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "eighteen": 18, "": 1,
}  # fmt: skip
_COUNT = r"\d{1,3}|a couple of|a few|couple of|few|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen"
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 14)}
_WHICH = r"this|current|next|coming|last|previous"
_SHIFT = {"this": 0, "current": 0, "next": 1, "coming": 1, "last": -1, "previous": -1}
_Reader = Callable[[re.Match[str], date], Period | None]


def whole_month(year: int, month: int) -> Period:
    """A month; the 13th is January of the year after."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def financial_year(year: int) -> Period:
    """A council's year, from 1 April."""
    return Period(date(year, 4, 1), date(year + 1, 3, 31))


def months_on(day: date, count: int) -> date:
    """The same day so many months on, or the last of that month."""
    month = whole_month(day.year, day.month + count)
    return month.first.replace(day=min(day.day, month.last.day))


def _month_number(name: str) -> int:
    return [one[:3] for one in MONTHS.split("|")[:12]].index(name.lower()[:3]) + 1


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _day(match: re.Match[str], today: date) -> Period | None:
    month = _month_number(match["m"])
    year = _year(match["y"]) or today.year
    day = date(year, month, int(match["d"]))
    if not match["y"] and day < today:
        day = day.replace(year=year + 1)
    return Period(day, day)


def _numbers(match: re.Match[str], today: date) -> Period | None:
    day = date(_year(match["y"]) or today.year, int(match["m"]), int(match["d"]))
    return Period(day, day)


def _month(match: re.Match[str], today: date) -> Period | None:
    month = _month_number(match["m"])
    year = _year(match["y"])
    if year is None:
        year = today.year + (month < today.month)
    return whole_month(year, month)


def _two_years(match: re.Match[str], today: date) -> Period | None:
    first, second = int(match["y"]), _year(match["z"]) or 0
    return financial_year(first) if second == first + 1 else None


def _one_year(match: re.Match[str], today: date) -> Period | None:
    year = int(match["y"])
    return Period(date(year, 1, 1), date(year, 12, 31))


def _named(match: re.Match[str], today: date) -> Period | None:
    """This year, next month, last quarter, this financial year."""
    shift, unit = _SHIFT[match["w"].lower()], match["u"].lower()
    if unit == "week":
        monday = today - timedelta(days=today.weekday() - 7 * shift)
        return Period(monday, monday + timedelta(days=6))
    if unit == "month":
        return whole_month(today.year, today.month + shift)
    if unit == "quarter":
        first = whole_month(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * shift).first
        return Period(first, whole_month(first.year, first.month + 2).last)
    if unit == "year":
        return Period(date(today.year + shift, 1, 1), date(today.year + shift, 12, 31))
    return financial_year(today.year - (today.month < 4) + shift)


def _stretch(match: re.Match[str], today: date) -> Period | None:
    """The next 6 months, the last year, within 90 days."""
    said, unit = (match["n"] or "").lower().strip(), match["u"].lower().rstrip("s")
    count = int(said) if said.isdigit() else _NUMBERS[said]
    back = bool(match["w"]) and match["w"].lower() in ("last", "past", "previous")
    count = -count if back else count
    days = {"day": 1, "week": 7, "fortnight": 14}
    other = today + timedelta(days=count * days[unit]) if unit in days else months_on(today, count * _MONTHS[unit])
    return Period(min(today, other), max(today, other))


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _season(match: re.Match[str], today: date) -> Period | None:
    first, last = _SEASONS[match["s"].lower()]
    year = _year(match["y"]) or (today.year + (last < today.month))
    return Period(whole_month(year, first).first, whole_month(year, last).last)


def _christmas(match: re.Match[str], today: date) -> Period | None:
    day = date(_year(match["y"]) or today.year, 12, 25)
    return Period(day, day)


def _today(match: re.Match[str], today: date) -> Period | None:
    day = today + timedelta(days=match["t"].lower() == "tomorrow")
    return Period(day, day)


_EDGE = r"(?:(?:the )?(?P<edge>(?:very )?(?:end|start|beginning) of) )?(?:the )?"
_SAID: tuple[tuple[str, _Reader], ...] = (
    (rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{MONTHS})\b,?(?: (?P<y>\d{{4}}))?", _day),
    (rf"(?P<m>{MONTHS}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y>\d{{4}}))?", _day),
    (r"(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)", _numbers),
    (r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4}|\d\d)", _numbers),
    (rf"(?P<m>{MONTHS})\b(?:,? ?(?P<y>20\d\d))?", _month),
    (r"(?:(?:the )?financial year |fy ?)?(?P<y>20\d\d) ?[/–-] ?(?P<z>20\d\d|\d\d)(?: financial year)?", _two_years),
    (
        rf"(?P<w>{_WHICH}) (?:calendar )?(?P<u>week|month|quarter|year|(?:financial|fiscal|council) year)",
        _named,
    ),
    (
        rf"(?:(?P<w>next|coming|following|last|past|previous) )?(?P<n>{_COUNT}) "
        r"(?P<u>days?|weeks?|fortnights?|months?|quarters?|years?)(?:['’]? time)?",
        _stretch,
    ),
    (r"(?P<w>next|coming|following|last|past|previous) (?P<n>)(?P<u>fortnight)", _stretch),
    (r"(?P<s>spring|summer|autumn|winter)(?: (?:of )?(?P<y>20\d\d))?", _season),
    (r"(?:(?:this|next|coming) )?christmas(?: (?P<y>20\d\d))?", _christmas),
    (r"(?P<t>today|now|tomorrow)", _today),
    (r"(?:calendar )?(?:year )?(?P<y>20\d\d|19\d\d)", _one_year),
)
_PATTERNS = tuple((re.compile(_EDGE + r"\b(?:" + said + r")(?![\w/])", re.IGNORECASE), read) for said, read in _SAID)


def period_at(text: str, at: int, today: date) -> tuple[Period, int] | None:
    """The time said at this place of a text, and where it ends. None where there is none, or no such day."""
    for pattern, read in _PATTERNS:
        match = pattern.match(text, at)
        if not match:
            continue
        try:
            found = read(match, today)
        except ValueError:
            continue
        if found:
            return _edge(found, match["edge"] or ""), match.end()
    return None


def _edge(found: Period, edge: str) -> Period:
    if not edge:
        return found
    day = found.last if "end of" in edge.lower() else found.first
    return Period(day, day)
