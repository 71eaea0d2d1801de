"""What a new version changes, and whether it needs a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from knowledge.timeline.nouns import Change, Kind, State, Terms

TIMES = ("engagement", "tender", "closes", "award", "start", "end")
VALUES = ("low", "high")
NEEDS_REASON = frozenset({"stage", "route", *TIMES, *VALUES})
"""Fields whose change has to be explained: paper 001, R11. A withdrawal has to be as well."""
LABELS = {
    "title": "title", "description": "description", "directorate": "directorate", "service": "service",
    "category": "kind of service", "stage": "stage", "route": "route", "state": "state", "low": "lowest value",
    "high": "highest value", "gross": "with VAT", "engagement": "market engagement", "tender": "tender",
    "closes": "closing day", "award": "award", "start": "start", "end": "end", "duration": "duration", "area": "area",
    "cpv": "CPV codes", "regions": "region codes", "lots": "lots", "sme": "suited to small firms",
    "vcse": "suited to charities and social enterprises", "subcontract": "sub-contract",
    "partner": "partner wanted", "posted_by": "posted by", "contact": "contact",
    "contact_email": "contact's address", "follows": "contract it follows", "related": "related notices",
    "awarded_to": "awarded to", "notices": "notices",
}  # fmt: skip
"""What people call the fields."""


def as_record(terms: Terms) -> dict[str, Any]:
    """Terms as the record writes them: what is not said is left out."""
    return terms.model_dump(mode="json", exclude_defaults=True)


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Field by field, in the order of the fields. Both as the record writes them."""
    names = [name for name in Terms.model_fields if before.get(name) != after.get(name)]
    return [Change(field=name, before=before.get(name), after=after.get(name)) for name in names]


def undone(said: dict[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """Terms as they were before these changes, as the record writes them."""
    before = {one.field: one.before for one in changes if one.field in Terms.model_fields}
    return {name: value for name, value in {**said, **before}.items() if value is not None}


def unexplained(changes: Iterable[Change]) -> list[Change]:
    """The changes that need a reason: of what was said, not of what is said for the first time; and a withdrawal."""
    return [one for one in changes if _needs(one)]


def _needs(one: Change) -> bool:
    if one.field == "state":
        return State.WITHDRAWN in (one.before, one.after)
    return one.field in NEEDS_REASON and one.before is not None


def kind_of(changes: Sequence[Change]) -> Kind:
    """What a version with these changes does."""
    state = next((one for one in changes if one.field == "state"), None)
    if state and state.after == State.WITHDRAWN:
        return Kind.WITHDRAWN
    return Kind.RESTORED if state and state.before == State.WITHDRAWN else Kind.CHANGED
