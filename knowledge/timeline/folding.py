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


class Own(NamedTuple):
    """What the council itself said of one field, and when."""

    value: Any
    at: datetime


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """Statements as they were published: the same however they came in."""
    return sorted(statements, key=lambda one: (one.at, _ORDER.index(one.terms.state), one.source.value, one.id))


def fold(statements: Sequence[Statement], own: Mapping[str, Own]) -> Terms:
    """The terms of an intention: field by field the latest that says anything, except that in its own words the
    council has the last one."""
    said: dict[str, Any] = {}
    since: dict[str, datetime] = {}
    gathered: dict[str, dict[str, None]] = {name: {} for name in _GATHERED}
    for one in in_order(statements):
        for name, value in one.terms.said().items():
            said[name], since[name] = value, one.at
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
