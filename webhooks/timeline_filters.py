"""What the address of the timeline's page asks for: read into a wish, and written into the links of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import url_for

from knowledge.services import catalogue
from knowledge.timeline.nouns import Stage, State
from knowledge.timeline.wishing import Wish
from webhooks.timeline_quarters import read_quarter
from webhooks.timeline_services import kinds_of_slug

BANDS = (25_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000, 10_000_000, 50_000_000, 100_000_000)
"""Pounds one can choose by."""
NAMES = {
    "words": "words", "service": "service", "quarter": "quarter", "directorate": "directorate", "area": "area",
    "stage": "stage", "from": "least value", "to": "most value", "open": "“open now”",
    "small": "“suited to small firms”", "charity": "“suited to charities”", "past": "what is over",
    "buyers": "other buyers",
}  # fmt: skip
"""What people call the filters in a sentence."""
LONGEST = 200
"""Characters of a filter."""
MOST_PAGES = 10_000
_MOST_POUNDS = 10**12


class Unreadable(Exception):
    """A filter that says nothing the desk knows. Its text says what, for people."""


@dataclass(frozen=True)
class Asked:
    """What is asked for. `given`: the filters that say something, by their names in the address; `notes`: what could
    not be read, for people."""

    given: dict[str, str] = field(default_factory=dict)
    page: int = 1
    notes: tuple[str, ...] = ()

    def wish(self, day: date) -> Wish:
        """The wish the filters make together on a day."""
        wish = Wish()
        for name, value in self.given.items():
            wish = _FILTERS[name](wish, value, day)
        return wish

    def link(self, page: int = 1, /, **changes: str | None) -> str:
        """The page's address with some filters otherwise, None for without."""
        given = {**self.given, **changes}
        named: dict[str, Any] = {name: given[name] for name in _FILTERS if given.get(name)}
        if page > 1:
            named["page"] = page
        return url_for("timeline.listing", **named)

    def without(self, name: str) -> Asked:
        """The same without one filter."""
        return replace(self, given={one: value for one, value in self.given.items() if one != name}, page=1)


def read_filters(arguments: Mapping[str, str], day: date) -> Asked:
    """What an address asks for. What cannot be read is left out, with a note."""
    given: dict[str, str] = {}
    notes: list[str] = []
    for name, read in _FILTERS.items():
        value = _tidy(name, arguments.get(name, ""))
        if not value:
            continue
        try:
            read(Wish(), value, day)
            given[name] = value
        except Unreadable as error:
            notes.append(str(error))
    return Asked(given, _page(arguments.get("page", "")), tuple(notes))


def _tidy(name: str, text: str) -> str:
    """A filter as it is kept: "£100,000" as 100000."""
    value = " ".join(text.replace("\0", " ").split())[:LONGEST]
    return value.replace("£", "").replace(",", "") if name in ("from", "to") else value


def _page(text: str) -> int:
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and 0 < len(text) < 9 and int(text) else 1


def _service(wish: Wish, value: str, day: date) -> Wish:
    kinds = kinds_of_slug(catalogue(), value)
    if not kinds:
        raise Unreadable(f"There is no service “{value}”, so services were not chosen by it.")
    return replace(wish, kinds=kinds)


def _stage(wish: Wish, value: str, day: date) -> Wish:
    if value not in list(Stage):
        raise Unreadable(f"There is no stage “{value}”: they are analyse, plan, do and review.")
    return replace(wish, stage=Stage(value))


def _quarter(wish: Wish, value: str, day: date) -> Wish:
    found = read_quarter(value)
    if found is None:
        raise Unreadable(f"“{value}” is no quarter: they are written like jul-sep-2027.")
    return replace(wish, period=found.from_day(day))


def _pounds(end: str) -> Callable[[Wish, str, date], Wish]:
    def read(wish: Wish, value: str, day: date) -> Wish:
        if not (value.isascii() and value.isdigit() and len(value) < 14 and int(value) <= _MOST_POUNDS):
            raise Unreadable(f"“{value}” is no value: write pounds, like 100000.")
        changes: dict[str, Any] = {end: int(value)}
        return replace(wish, **changes)

    return read


def _flag(name: str, **sets: Any) -> Callable[[Wish, str, date], Wish]:
    def read(wish: Wish, value: str, day: date) -> Wish:
        if value not in ("yes", "all"):
            raise Unreadable(f"“{value}” is nothing one can choose by for “{name}”.")
        changes: dict[str, Any] = dict(sets)
        return replace(wish, **changes)

    return read


_FILTERS: dict[str, Callable[[Wish, str, date], Wish]] = {
    "words": lambda wish, value, day: replace(wish, words=value),
    "service": _service,
    "quarter": _quarter,
    "directorate": lambda wish, value, day: replace(wish, directorate=value),
    "area": lambda wish, value, day: replace(wish, district=value),
    "stage": _stage,
    "from": _pounds("low"),
    "to": _pounds("high"),
    "open": _flag("open", states=frozenset({State.OPEN})),
    "small": _flag("small", sme=True),
    "charity": _flag("charity", vcse=True),
    "past": _flag("past", past=True),
    "buyers": _flag("buyers", everyone=True),
}
"""The filters by their names in the address, in the order of the page."""
