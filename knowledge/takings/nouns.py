"""What taking a file in does, the same for every list, so that it can be shown before and accounted for after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from knowledge.models import Noun

MOST_SHOWN = 500
"""Changes, and rows that could not be taken, that are shown of one file."""


class Kind(StrEnum):
    """What a file is: a list the desk holds, or a paper."""

    REGISTER = "register"
    PLACES = "places"
    PEOPLE = "people"
    TIMELINE = "timeline"
    DOCUMENT = "document"


class CannotUndo(Exception):
    """Something taken in that cannot be undone, or not any more. Its text says why."""


class Line(Noun):
    """One thing that changes, in words for people: `what` of it, from `before` to `after`, "" for nothing."""

    about: str
    what: str
    before: str = ""
    after: str = ""


class Bad(Noun):
    """A row, or a file, that could not be taken."""

    line: int
    about: str
    reason: str


class Effect(Noun):
    """What taking a file in does, or undoing that. `rows`: how many could be taken; `counts`: of them by what becomes
    of them; `unknown`: headings that were not understood, with the fields each may be (none: any); `told`: the numbers
    of those who hear of it; `warnings`: what somebody should think of first."""

    rows: int
    counts: dict[str, int] = Field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    problems: tuple[Bad, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unknown: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    told: tuple[int, ...] = ()
    more_lines: int = 0
    more_problems: int = 0

    @property
    def digest(self) -> str:
        """A sum over everything it says: two that are the same do the same."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def short(self) -> Effect:
        """As much of it as is shown."""
        lines, problems = self.lines[:MOST_SHOWN], self.problems[:MOST_SHOWN]
        more = {"more_lines": len(self.lines) - len(lines), "more_problems": len(self.problems) - len(problems)}
        return self.model_copy(update={"lines": lines, "problems": problems, **more})


class Taking(Noun):
    """A file that was taken in. `made_by`: somebody's number, None for the command line; `kept`: what was there before
    is still kept."""

    id: int
    kind: Kind
    source: str
    made_by: int | None
    made_at: datetime
    counts: dict[str, int]
    undone_at: datetime | None
    kept: bool


def in_words(value: Any) -> str:
    """A value of the record on one line, "" for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        said = value.get("said") or value.get("title")
        return in_words(said) if said else "; ".join(map(_pair, value.items()))
    if isinstance(value, list | tuple):
        return "; ".join(in_words(one) for one in value)
    return " ".join(str(value).split())[:400]


def _pair(one: tuple[str, Any]) -> str:
    return f"{one[0]}: {in_words(one[1])}"


def listed(names: Iterable[str], most: int = 5) -> str:
    """Names with commas between them, and how many more there are."""
    given = list(names)
    more = len(given) - most
    return ", ".join(given[:most]) + (f" and {more} more" if more > 0 else "")
