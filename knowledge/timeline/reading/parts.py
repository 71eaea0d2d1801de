"""Parts of an entry of a feed, whatever stands where they should be: an object, a list of objects, a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from knowledge.register.reading.values import read_text
from knowledge.timeline.reading.mending import mend_line, mend_text

Part = Mapping[str, Any]
"""A JSON object."""
_NOTHING: Part = {}
MOST = 5_000
"""Entries of a list that are looked at: no notice has so many lots, items or providers."""
_LONGEST = 50_000
_SAYS_NOTHING = frozenset(
    ("n/a", "na", "none", "null", "tbc", "tbd", "nil", "not applicable", "see above", "-", ".", "?")
)


def part(of: Any, *names: str) -> Part:
    """The object under names, one within the other; an empty one where there is none."""
    for name in names:
        of = of.get(name) if isinstance(of, Mapping) else None
    return of if isinstance(of, Mapping) else _NOTHING


def parts(of: Any, name: str) -> list[Part]:
    """The objects of a list; an object that stands where a list should is a list of one."""
    found = of.get(name) if isinstance(of, Mapping) else None
    if isinstance(found, Mapping):
        return [found]
    return [one for one in found[:MOST] if isinstance(one, Mapping)] if isinstance(found, list) else []


def word(value: Any) -> str:
    """A text or a number as an identifier: as it stands, without blanks around it. "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    return " ".join(read_text(str(value)[:1_000]).split())


def words(value: Any) -> list[str]:
    """The texts of a list; a text that stands where a list should is a list of one."""
    values = value[:MOST] if isinstance(value, list) else [value]
    return [found for one in values if (found := word(one))]


def line(of: Part, name: str) -> str:
    """A text on one line, mended; "" where it says nothing ("n/a")."""
    return _told(mend_line(_text(of, name)))


def text(of: Part, name: str) -> str:
    """A text, mended; "" where it says nothing ("n/a")."""
    return _told(mend_text(_text(of, name)))


def first(values: Iterable[str]) -> str:
    """The first that says something."""
    return next((value for value in values if value), "")


def flag(value: Any) -> bool | None:
    """Yes or no; None for anything else."""
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    return value if isinstance(value, bool) else None


def _text(of: Part, name: str) -> str:
    value = of.get(name)
    return value[:_LONGEST] if isinstance(value, str) else ""


def _told(said: str) -> str:
    return "" if said.lower() in _SAYS_NOTHING or not any(char.isalnum() for char in said) else said
