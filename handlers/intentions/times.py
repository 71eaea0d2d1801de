"""When things happen to an intention, in plain words: no more exactly than they were given."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from knowledge.dates import in_words
from knowledge.periods import whole_month
from knowledge.timeline.differing import TIMES
from knowledge.timeline.nouns import Route, State, Terms
from knowledge.timeline.when import When

COMING = ("engagement", "tender", "closes", "award", "start")
"""What can still lie ahead of a provider, in the order in which it happens."""
_TIMES = {
    "engagement": "Market engagement", "tender": "Tender", "closes": "Bids close", "award": "Award",
    "start": "Start", "end": "End",
}  # fmt: skip
_GRANT_TIMES = {"tender": "Applications open", "closes": "Applications close"}
_POSTED_TIMES = {"closes": "Answers by"}
_SEASONS = ("spring", "summer", "autumn", "winter")


def day_words(day: date) -> str:
    """A day: 1 March 2027."""
    return in_words(day.isoformat())


def when_words(when: When) -> str:
    """A time no more exactly than it was given: "1 March 2027", "March 2027", "July to September 2027",
    "autumn 2027"."""
    if when.is_day:
        return day_words(when.first)
    if season := next((one for one in _SEASONS if one in when.said.lower()), ""):
        return f"{season} {when.first.year}" if when.first.year == when.last.year else f"{season} {_two(when.first)}"
    first, last = when.first, when.last
    if first.day != 1 or last != whole_month(last.year, last.month).last:
        return f"{day_words(first)} to {day_words(last)}"
    return _months(first, last)


def _months(first: date, last: date) -> str:
    """Whole months."""
    length = (last.year - first.year) * 12 + last.month - first.month + 1
    if length == 1:
        return f"{first:%B %Y}"
    if length == 12 and first.month in (1, 4):
        return f"{first.year}" if first.month == 1 else f"{_two(first)} (April to March)"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first:%B}{year} to {last:%B %Y}"


def _two(day: date) -> str:
    return f"{day.year}/{(day.year + 1) % 100:02}"


class Event(NamedTuple):
    """Something that happens to an intention. `what`: the field of its terms; `label`: what people call it."""

    what: str
    label: str
    when: When


def events(terms: Terms) -> list[Event]:
    """What is to happen when, or has happened, in the order in which it is done."""
    said = terms.said()
    labels = _POSTED_TIMES if terms.posted_by else {}
    return [
        Event(what, labels.get(what) or time_label(what, terms.route), said[what]) for what in TIMES if what in said
    ]


def time_label(what: str, route: Route | None = None) -> str:
    """What people call a time: "Tender"; of a grant "Applications open"."""
    return (_GRANT_TIMES if route is Route.GRANT else {}).get(what, _TIMES[what])


def next_event(terms: Terms, day: date) -> Event | None:
    """What happens next, as far as its times say; None for what is withdrawn or has no time to come."""
    ahead = [one for one in events(terms) if one.what in COMING and one.when.last >= day]
    if terms.state is State.WITHDRAWN or not ahead:
        return None
    return min(ahead, key=lambda one: one.when.last)


def next_words(terms: Terms, day: date) -> str:
    """What happens next: "Tender: July to September 2027". "" where no time is to come."""
    found = next_event(terms, day)
    return f"{found.label}: {when_words(found.when)}" if found else ""
