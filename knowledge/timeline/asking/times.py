"""The days a question about coming work speaks of, and what is to happen in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from knowledge.periods import Period, months_on, whole_month
from knowledge.register.asking.nouns import Span
from knowledge.register.asking.reading import Reading
from knowledge.register.asking.spans import stretch, times_in
from knowledge.register.reading.days import NoDay
from knowledge.timeline.asking.phrases import said
from knowledge.timeline.when import read_when

_QUARTER = re.compile(
    r"(?<!\w)(?:(?:in|by|for|during) )?(?:the )?(?P<when>(?:q[1-4]|(?:first|second|third|fourth|last) quarter)"
    r"(?: of)? ?20\d\d(?:/\d\d)?|(?:first|second) half(?: of)? 20\d\d(?:/\d\d)?)(?!\w)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?<!\w)(?:(?:in|by|for|during|from|since|until) )?(?:the )?(?P<part>early(?: in)?|mid(?:dle of)?|late(?: in)?|"
    r"beginning of|start of|end of)[ -](?P<year>20\d\d)(?!\w)",
    re.IGNORECASE,
)
_PARTS = {"early": (1, 4), "beginning": (1, 4), "start": (1, 4), "mid": (5, 8), "middle": (5, 8), "late": (9, 12),
          "end": (9, 12)}  # fmt: skip
_NTH = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "last": "4th"}
_NEW_YEAR = re.compile(r"(?<!\w)(?:in |after )?the new year(?!\w)", re.IGNORECASE)
_LATELY = re.compile(r"(?<!\w)(?:recently|lately|of late|just)(?!\w)", re.IGNORECASE)
_SOON = re.compile(r"(?<!\w)(?:soon|shortly|imminently|in the near future)(?!\w)", re.IGNORECASE)
_BARE = re.compile(r"(?:(?:an?|one|two|three|four|five|six|\d+) \w+|may|now|today|march)$", re.IGNORECASE)
"""What is a time only with a little word before it: "a year", "may"."""
_MONTHS = 3


def days_said(reading: Reading, today: date) -> Span | None:
    """The days the question is about, taken out of it."""
    for start, end, span in _found(reading.text, today):
        reading.cut(start, end)
        return span
    return None


def ahead(span: Span | None, today: date) -> Span | None:
    """The days from today on, of those that have begun: "this autumn", said in November, is the rest of it."""
    if span is None or span.first is None or span.last is None or not span.first < today <= span.last:
        return span
    return stretch("", Period(today, span.last))


def behind(span: Span | None, today: date) -> Span | None:
    """The days of what has been: "since October", said in November, is of this year. By themselves they lie ahead."""
    if span is None or span.first is None or span.first <= today:
        return span
    first = months_on(span.first, -12)
    if span.last is None:
        return stretch("since", Period(first, first))
    return stretch("", Period(first, months_on(span.last, -12)))


def what_is_timed(text: str) -> str:
    """Which of an intention's times a question is about, "" for any."""
    return next((name for name, pattern in said("what").items() if pattern.search(text)), "")


def _found(text: str, today: date) -> Iterator[tuple[int, int, Span]]:
    if (quarter := _QUARTER.search(text)) and (days := _quarter(quarter["when"])):
        yield quarter.start(), quarter.end(), stretch("", days)
    if part := _PART.search(text):
        year, (first, last) = int(part["year"]), _PARTS[part["part"].lower().split()[0]]
        yield part.start(), part.end(), stretch("", Period(date(year, first, 1), whole_month(year, last).last))
    if new := _NEW_YEAR.search(text):
        days = Period(date(today.year + 1, 1, 1), date(today.year + 1, 3, 31))
        yield new.start(), new.end(), stretch("", days)
    for start, end, how, days in times_in(text, today):
        if how or not _BARE.match(text[start:end].strip()):
            yield start, end, stretch(how, days)
    if late := _LATELY.search(text):
        yield late.start(), late.end(), stretch("since", Period(months_on(today, -_MONTHS), today))
    if soon := _SOON.search(text):
        until = months_on(today, 2 * _MONTHS)
        yield soon.start(), soon.end(), stretch("", Period(today, whole_month(until.year, until.month).last))


def _quarter(text: str) -> Period | None:
    first, *rest = text.lower().split()
    nth = _NTH.get(first, first)
    try:
        found = read_when(" ".join((nth, *(one for one in rest if one != "of"))))
    except NoDay:
        return None
    return Period(found.first, found.last) if found else None
