"""Days as registers write them. The day stands before the month, as in England."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_TIME = (
    r"(?:[T ]+(?P<clock>\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)(?: ?(?:am|pm))?\s*(?P<zone>Z|UTC|GMT|BST|[+-]\d\d:?\d\d)?)?"
)
_SHAPES = tuple(
    re.compile(shape, re.I)
    for shape in (
        r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)" + _TIME,
        r"(?P<d>\d{1,2})\s*(?P<s>[-/. ])\s*(?P<m>\d{1,2})\s*(?P=s)\s*(?P<y>\d{1,4})(?!\d)" + _TIME,
        r"(?:[a-z]{3,9}day,?\s+)?(?P<d>\d{1,2})\s*(?:st|nd|rd|th)?(?:\s+of)?[-/.\s]*(?P<month>[a-z]{3,9})\.?,?[-/.\s'’]*"
        r"(?P<y>\d{4}|\d{2})(?!\d)" + _TIME,
        r"(?P<month>[a-z]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})(?!\d)" + _TIME,
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?!\d)",
        r"(?P<month>[a-z]{3,9})\.?[-/\s'’]*(?P<y>\d{4}|\d{2})(?!\d)",
        r"(?P<m>\d{1,2})/(?P<y>\d{4})(?!\d)",
    )
)
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
_NOTHING = re.compile(
    r"[-–—.?*/ ]+|n\.?/?\s?a\.?|n/?k|nil|none|null|tb[acd]|t\.b\.[acd]\.?|to be \w+|not (applicable|known|set|yet \w+|"
    r"available|stated|specified|recorded|given)|unknown|various|pending|blank|varies|awaited|awaiting \w+",
    re.I,
)
_OPEN = re.compile(
    r"\b(on-?\s?going|rolling|open|perpetu\w*|indefinite\w*|evergreen|continu\w+|permanent|until|notice|annual\w*|"
    r"monthly|yearly|months?|years?|weeks?|completion|life(time)?|expir\w*|no (end|fixed|review|set)\b.*|see|when|"
    r"required|terminat\w+|periodic\w*|quarterly|call[- ]?off|spot|extended|renew\w*|tb[acd]|n/a|not \w+|unknown)\b",
    re.I,
)
_DAYLIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\b(19|20)\d\d\b")


class NoDay(ValueError):
    """A cell that says a day and says none that can be. Its text says why."""


@lru_cache(maxsize=50_000)
def read_day(text: str, *, last: bool = False) -> tuple[date | None, str]:
    """The day in a cell, and what else it says. No day where it says there is none ("Ongoing", "n/a", 01/01/0001,
    31/12/9999). `last`: the cell is an end, so that a month alone is its last day. Raises NoDay."""
    text = " ".join(text.split())
    if not text or _NOTHING.fullmatch(text):
        return None, text
    if (serial := _SERIAL.fullmatch(text)) and 10_000 <= int(serial[1]) <= 80_000:
        return date(1899, 12, 30) + timedelta(days=int(serial[1])), ""
    if re.fullmatch(r"(19|20)\d\d", text):
        return None, text
    for shape in _SHAPES:
        if found := shape.match(text):
            return _day(found, text, last)
    if last and len(text) <= 60 and _OPEN.search(text) and not _DAYLIKE.search(text):
        return None, text
    raise NoDay(f"{_short(text)!r} is no day")


def looks_like_a_day(text: str) -> bool:
    """Whether a cell holds a day, written as one."""
    return any(shape.fullmatch(text.strip()) for shape in _SHAPES[:4])


def _day(found: re.Match[str], text: str, last: bool) -> tuple[date | None, str]:
    parts = found.groupdict()
    rest = text[found.end() :].strip(" .,;")
    if rest and _DAYLIKE.search(rest):
        raise NoDay(f"{_short(text)!r} says more than one day")
    if rest and text[found.end()].isalnum():
        raise NoDay(f"{_short(text)!r} is no day")
    year, month = _year(parts["y"]), _month(parts, text)
    if year in (0, 1, 1899, 1900) or year >= 2200:
        return None, text
    if not year >= 1950:
        raise NoDay(f"{_short(text)!r} is in no year of a contract")
    try:
        if not parts.get("d"):
            return date(year, month, monthrange(year, month)[1] if last else 1), text
        day = date(year, month, int(parts["d"]))
    except ValueError:
        american = month > 12 >= int(parts["d"] or 0) and found.start("d") < found.start("m")
        why = "has no such month; days are read before months" if american else "is no day of the calendar"
        raise NoDay(f"{_short(text)!r} {why}") from None
    return _in_england(day, parts), rest and text


def _year(text: str) -> int:
    if len(text) == 2:
        return int(text) + (2000 if int(text) < 70 else 1900)
    return int(text)


def _month(parts: dict[str, str | None], text: str) -> int:
    if number := parts.get("m"):
        return int(number)
    word = (parts.get("month") or "").lower()
    for number_of, name in enumerate(_MONTHS, start=1):
        if name.startswith(word) or word == "sept" == name[:4]:
            return number_of
    raise NoDay(f"{_short(text)!r} is no day")


def _in_england(day: date, parts: dict[str, str | None]) -> date:
    """Midnight of an English summer's day is written by machines as eleven the night before, in UTC."""
    clock, zone = parts.get("clock") or "", (parts.get("zone") or "").upper()
    if zone in ("Z", "UTC", "GMT", "+00:00", "+0000") and re.fullmatch(r"23:00(:00(\.0+)?)?", clock):
        following = day + timedelta(days=1)
        if _last_sunday(day.year, 3) <= day < _last_sunday(day.year, 10):
            return following
    return day


def _last_sunday(year: int, month: int) -> date:
    end = date(year, month, 31)
    return end - timedelta(days=(end.weekday() + 1) % 7)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
