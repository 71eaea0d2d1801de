"""What all that was said of a procurement comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from knowledge.timeline.nouns import State, Statement, Terms

OURS = frozenset(
    {
        "title", "description", "directorate", "service", "category", "area", "contact", "contact_email", "sme", "vcse",
        "subcontract", "follows",
    }
)  # fmt: skip
"""Fields in which the council's own words stay, whatever notices come later: notices repeat them in their jargon."""
_GATHERED = ("related", "awarded_to")
"""Fields that every notice adds to: of several lots, each has its award."""
_ORDER = (None, State.PLANNED, State.OPEN, State.CLOSED, State.AWARDED, State.WITHDRAWN)
"""Of two notices of one moment, the one that is further on counts as the later."""
_VALUE = ("low", "high", "gross")
"""One thing said: of a new sum the old one's end, and whether that was with VAT, are no part."""


class Own(NamedTuple):
    """What the council itself said of one field, and when."""

    value: Any
    at: datetime


def moment(one: Statement) -> tuple[datetime, int]:
    """When a statement was published and how far on it says its procurement is: what tells the later of two."""
    return one.at, _ORDER.index(one.terms.state)


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """Statements as they were published: the same however they came in."""
    return sorted(statements, key=lambda one: (*moment(one), one.source.value, one.id))


def fold(statements: Sequence[Statement], own: Mapping[str, Own]) -> Terms:
    """The terms of an intention: field by field the latest that says anything, except that in its own words the
    council has the last one."""
    said: dict[str, Any] = {}
    since: dict[str, datetime] = {}
    gathered: dict[str, dict[str, None]] = {name: {} for name in _GATHERED}
    for one in in_order(statements):
        new = one.terms.said()
        if "low" in new or "high" in new:
            said = {name: value for name, value in said.items() if name not in _VALUE}
        said.update(new)
        since.update(dict.fromkeys(new, one.at))
        for name, values in gathered.items():
            values.update(dict.fromkeys(getattr(one.terms, name)))
    for name, values in gathered.items():
        values.update(dict.fromkeys(own[name].value) if name in own else {})
        if values:
            said[name] = tuple(values)
    for name, ours in own.items():
        if name in _GATHERED:
            continue
        if name in OURS or name not in since or ours.at >= since[name]:
            said[name] = ours.value
    return Terms.model_construct(**said)
