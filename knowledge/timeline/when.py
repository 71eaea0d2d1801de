"""Days, months and quarters, kept as they were given: a plan that says "autumn 2027" has said no day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from knowledge.models import Noun
from knowledge.periods import Period, financial_year, whole_month
from knowledge.register.reading.days import NoDay, read_day


class When(Noun):
    """A time as it was given (`said`: for a day the ISO day), from its first day to its last, both included."""

    said: str
    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


def on_day(day: date) -> When:
    """One day."""
    return When(said=day.isoformat(), first=day, last=day)


def read_when(text: str) -> When | None:
    """The time in a cell: a day, a month, a quarter (of the financial year where two years are named: "Q3 2026/27"),
    a season, half a year, a financial or a calendar year. None for a cell that says there is none ("tbc"). Raises
    NoDay for anything else."""
    text = " ".join(text.split())
    for pattern, read in _SHAPES:
        if found := pattern.fullmatch(text):
            first, last = read(found)
            return When(said=text, first=first, last=last)
    day, rest = read_day(text)
    if day is None:
        return None
    if not rest:
        return on_day(day)
    if _MONTH_ONLY.fullmatch(text):
        return When(said=text, first=day, last=whole_month(day.year, day.month).last)
    return When(said=text, first=day, last=day)


def quarter_of(day: date) -> Period:
    """The quarter of the calendar year a day is in: the quarters of a council's year are the same ones."""
    first = whole_month(day.year, (day.month - 1) // 3 * 3 + 1).first
    return Period(first, whole_month(first.year, first.month + 2).last)


def _year(found: re.Match[str]) -> tuple[int, bool]:
    """The year named, and whether it is a council's: "2026/27"."""
    year, following = int(found["y"]) % 100 + 2000, found["z"]
    if not following:
        return year, bool(found["fy"])
    if int(following) % 100 != (year + 1) % 100:
        raise NoDay(f"{found[0]!r} names two years that do not follow each other")
    return year, True


def _months(year: int, financial: bool, first: int, count: int) -> Period:
    """Months of a year, from its first, second ... of the calendar or of the council's year."""
    start = first + 3 if financial else first
    return Period(whole_month(year, start).first, whole_month(year, start + count - 1).last)


def _quarter(found: re.Match[str]) -> Period:
    year, financial = _year(found)
    return _months(year, financial, 3 * int(found["q"]) - 2, 3)


def _half(found: re.Match[str]) -> Period:
    year, financial = _year(found)
    return _months(year, financial, 1 if found["h"].lower() in ("1", "first", "1st") else 7, 6)


def _season(found: re.Match[str]) -> Period:
    year, month = int(found["y"]), _SEASONS[found["s"].lower()]
    return Period(whole_month(year, month).first, whole_month(year, month + 2).last)


def _whole_year(found: re.Match[str]) -> Period:
    year, financial = _year(found)
    return financial_year(year) if financial else Period(date(year, 1, 1), date(year, 12, 31))


def _month(found: re.Match[str]) -> Period:
    return whole_month(int(found["y"]), int(found["m"]))


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_YEARS = r"(?P<fy>FY\s?)?(?P<y>20\d\d)(?:\s?[/–-]\s?(?P<z>20\d\d|\d\d))?"
_SHORT = r"(?P<y>20\d\d|\d\d)\s?[/–-]\s?(?P<z>20\d\d|\d\d)(?P<fy>)"
""""27/28", which only beside a quarter or a half is not taken for a day."""
_OF = r"(?:\s|,|of|in|[-/])*"
_NTH = r"(?:q(?:uarter|tr)?\.?\s?(?P<q>[1-4]))"
_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Period]], ...] = tuple(
    (re.compile(shape, re.I), read)
    for shape, read in (
        (r"(?P<y>20\d\d)-(?P<m>0[1-9]|1[0-2])", _month),
        (rf"{_NTH}{_OF}{_YEARS}", _quarter),
        (rf"{_NTH}{_OF}{_SHORT}", _quarter),
        (rf"(?P<q>[1-4])(?:st|nd|rd|th)\s+(?:quarter|qtr){_OF}{_YEARS}", _quarter),
        (rf"{_YEARS}[\s,-]*{_NTH}", _quarter),
        (rf"(?:h|half\s?)(?P<h>[12]){_OF}{_YEARS}", _half),
        (rf"(?P<h>first|1st|second|2nd)\s+half{_OF}{_YEARS}", _half),
        (rf"(?P<s>spring|summer|autumn|winter){_OF}(?P<y>20\d\d)(?:\s?[/–-]\s?(?:20)?\d\d)?", _season),
        (r"(?P<y>20\d\d)\s+(?P<s>spring|summer|autumn|winter)", _season),
        (rf"(?:financial year\s+)?{_YEARS}(?:\s+financial year)?", _whole_year),
    )
)
_MONTH_ONLY = re.compile(r"[a-z]{3,9}\.?[-/\s'’]*(?:\d{4}|\d{2})|\d{1,2}/\d{4}", re.I)
