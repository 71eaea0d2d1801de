"""The days a question speaks of: "ending before April 2027", "due for review this year", "starting next month"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from knowledge.dates import in_words
from knowledge.periods import Period, months_on, period_at
from knowledge.register.asking.nouns import Span
from knowledge.register.asking.reading import Reading

_BY = {
    "end": (
        r"end(?:s|ed|ing)?|expir\w+|finish\w*|runs? out|ran out|running out|laps\w+|terminat\w+|renew\w*|conclud\w+|"
        r"due|up"
    ),
    "start": r"start\w*|beg[aiu]n\w*|commenc\w*|(?:go|goes|going|went) live|awarded|let|signed",
    "review": r"review\w*",
}
_VERB = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<{name}>{said})" for name, said in _BY.items()) + r")(?![\w-])", re.IGNORECASE
)
_HOW = (
    r"(?P<how>on or before|on or after|not before|not after|no later than|not later than|later than|earlier than|"
    r"sooner than|before|by|until|till|up to|prior to|after|beyond|past|since|from|between|within|in|during|on|for|"
    r"over|throughout|at)"
)
_WHEN = re.compile(rf"(?<![\w-])(?:{_HOW} )?(?:or )?(?:the )?(?=\d|[a-z'])(?P<at>)", re.IGNORECASE)
_TO = re.compile(r" ?(?:and|to|until|till|-|–) ", re.IGNORECASE)
_SOON = re.compile(r"(?<![\w-])(?:soon|shortly|in the near future|imminently)(?![\w-])", re.IGNORECASE)
_OVERDUE = re.compile(
    r"(?<![\w-])(?:overdue|past(?: their| its)?|late)(?: (?:for|a|an|for a|for their|on|its))? reviews?(?: dates?)?"
    r"|reviews?(?: dates?)? (?:is |are )?(?:overdue|passed|late)",
    re.IGNORECASE,
)
_SOON_MONTHS = 6


def spans(reading: Reading, today: date) -> dict[str, Span]:
    """The days contracts must start, end or be reviewed in, by which of the three."""
    found: dict[str, Span] = {}
    if reading.take(_OVERDUE):
        found["review"] = Span(None, today - timedelta(days=1), "due for review before today")
    for _ in range(3):
        if not (one := _next(reading, today)):
            break
        found.setdefault(*one)
    if not found and (verb := _VERB.search(reading.text)) and (soon := _SOON.search(reading.text)):
        by = verb.lastgroup or "end"
        until = months_on(today, _SOON_MONTHS)
        reading.cut(soon.start(), soon.end())
        reading.cut(verb.start(), verb.end())
        found[by] = Span(today, until, _said(by, f"by {_words(until)}"))
    return found


def times_in(text: str, today: date) -> Iterator[tuple[int, int, str, Period]]:
    """The times a text speaks of: from where to where they stand in it, the little word before ("by", "since", "" for
    none), and the days."""
    for match in _WHEN.finditer(text):
        if (period := period_at(text, match.start("at"), today)) is None:
            continue
        how, (days, end) = (match["how"] or "").lower(), period
        if how == "between" and (to := _TO.match(text, end)) and (until := period_at(text, to.end(), today)):
            days, end = Period(days.first, until[0].last), until[1]
        yield match.start(), end, how, days


def _next(reading: Reading, today: date) -> tuple[str, Span] | None:
    """The first time in the text that a verb belongs to, with the verb taken out too."""
    text = reading.text
    for start, end, how, days in times_in(text, today):
        if (verb := _verb(text, start, end)) is None:
            continue
        by = verb.lastgroup or "end"
        span = stretch(how, days)
        reading.cut(start, end)
        reading.cut(verb.start(), verb.end())
        return by, replace(span, said=_said(by, span.said))
    return None


def _verb(text: str, at: int, end: int) -> re.Match[str] | None:
    """The verb a time belongs to: the last before it, else the first after it."""
    before = list(_VERB.finditer(text, 0, at))
    telling = [verb for verb in before if verb.group().lower() not in ("due", "up", "let")]
    if found := telling or before:
        return found[-1]
    return _VERB.search(text, end)


def stretch(how: str, days: Period) -> Span:
    """The days that a time means with the little word before it: "before", "since", "in"."""
    day = timedelta(days=1)
    if how in ("before", "prior to", "earlier than", "sooner than"):
        return Span(None, days.first - day, f"before {_words(days.first)}")
    if how in ("by", "until", "till", "up to", "on or before", "not after", "no later than", "not later than"):
        return Span(None, days.last, f"by {_words(days.last)}")
    if how in ("after", "beyond", "past", "later than"):
        return Span(days.last + day, None, f"after {_words(days.last)}")
    if how in ("since", "from", "on or after", "not before"):
        return Span(days.first, None, f"from {_words(days.first)}")
    same = days.first == days.last
    said = f"on {_words(days.first)}" if same else f"from {_words(days.first)} to {_words(days.last)}"
    return Span(days.first, days.last, said)


def _said(by: str, when: str) -> str:
    return {"end": "ending", "start": "starting", "review": "due for review"}[by] + f" {when}"


def _words(day: date) -> str:
    return in_words(day.isoformat())
