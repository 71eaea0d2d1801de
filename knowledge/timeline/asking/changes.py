"""Which versions a question about changes means: what was delayed, what a value became, what was withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from knowledge.register.asking.nouns import Span
from knowledge.timeline.asking.phrases import said
from knowledge.timeline.differing import TIMES, VALUES
from knowledge.timeline.nouns import Change, Kind, Version
from knowledge.timeline.when import When
from knowledge.workdays import day_of

_TIMES = frozenset(TIMES)


def kinds_asked(text: str) -> frozenset[str]:
    """Which changes a message speaks of: withdrawn, later, earlier, value, route, time, added; none for any."""
    return frozenset(name for name, pattern in said("change").items() if pattern.search(text))


def meant(version: Version, asked: frozenset[str]) -> bool:
    """Whether a version has what is asked for. What is new on the timeline is no change, unless that is asked."""
    if not asked:
        return version.kind is not Kind.ADDED
    return any(_is(version, one) for one in asked)


def within(versions: Iterable[Version], span: Span | None) -> list[Version]:
    """Those that everybody could first read in these days."""
    return [one for one in versions if one.released_at and _in(day_of(one.released_at), span)]


def first_of(versions: Sequence[Version], asked: frozenset[str]) -> Version | None:
    """The newest version that is meant."""
    return next((one for one in versions if meant(one, asked)), None)


def telling(version: Version, asked: frozenset[str]) -> tuple[Change, ...]:
    """What of a version is told: the changes that are asked for, or all of them."""
    fields = {field for one in asked for field in _FIELDS.get(one, ())}
    return tuple(one for one in version.changes if one.field in fields) or version.changes


_FIELDS: dict[str, Iterable[str]] = {
    "later": TIMES, "earlier": TIMES, "time": TIMES, "value": VALUES, "route": ("route",), "withdrawn": ("state",),
}  # fmt: skip


def _is(version: Version, asked: str) -> bool:
    if asked == "withdrawn":
        return version.kind is Kind.WITHDRAWN
    if asked == "added":
        return version.kind is Kind.ADDED
    if asked in ("later", "earlier"):
        return any(one.field in _TIMES and _moved(one, later=asked == "later") for one in version.changes)
    return version.kind is not Kind.ADDED and any(one.field in _FIELDS[asked] for one in version.changes)


def _moved(change: Change, *, later: bool) -> bool:
    before, after = _last(change.before), _last(change.after)
    return bool(before and after) and (after > before if later else after < before)  # type: ignore[operator]


def _last(value: Any) -> date | None:
    return When.model_validate(value).last if value else None


def _in(day: date, span: Span | None) -> bool:
    return span is None or ((span.first or day) <= day <= (span.last or day))
