"""What a webhook is told: thin, for whoever wants more reads the page. Well under 20 kB, whatever happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from handlers.telling.headlines import What, what_of
from handlers.timeline_cells import page_of
from knowledge.subscriptions.nouns import Subscription
from knowledge.subscriptions.releases import Release
from knowledge.timeline.nouns import Change, Terms

_LONGEST, _LONGEST_REASON = 300, 1_000
_MOST_CHANGES, _MOST_ITEMS = 30, 40
_TYPES = {What.NEW: "published", What.WITHDRAWN: "withdrawn"}
_PREFIX = "commissioning_intention"


def type_of(told: Release) -> str:
    """What kind of event a release is. What was withdrawn before anybody could read it is withdrawn."""
    return f"{_PREFIX}.{_TYPES.get(what_of(told), 'changed')}"


def release_event(told: Release, alerts: Sequence[Subscription], address: str) -> dict[str, Any]:
    """A release as an event. `address`: the desk's public one, "" for none."""
    return _event(type_of(told), told.at, {**release_data(told, address), **_alerts(alerts)})


def release_data(told: Release, address: str) -> dict[str, Any]:
    """What a release is and what it changed."""
    changes = [_change(one) for one in told.changes[:_MOST_CHANGES]]
    reason = " / ".join(told.reasons)[:_LONGEST_REASON]
    return {**_what(told.reference, told.version, told.terms, address), "changes": changes, "reason": reason}


def closing_event(
    told: Release, closes: str, at: datetime, alerts: Sequence[Subscription], address: str
) -> dict[str, Any]:
    """That an intention closes soon, as an event."""
    data = {**_what(told.reference, told.version, told.terms, address), "closes": closes}
    return _event(f"{_PREFIX}.closing", at, {**data, **_alerts(alerts)})


def round_up_event(
    items: Iterable[dict[str, Any]], since: str, at: datetime, alerts: Sequence[Subscription], address: str
) -> dict[str, Any]:
    """A round-up as an event: its items without what they were before, which their pages tell."""
    found = list(items)
    told = [{**one, "changes": [change["field"] for change in one["changes"]]} for one in found[:_MOST_ITEMS]]
    for one in told:
        one["reason"] = one["reason"][:120]
        one["title"] = one["title"][:100]
    data = {"since": since, "items": told, "more": len(found) - len(told), "url": f"{address}/timeline"}
    return _event(f"{_PREFIX}.roundup", at, {**data, **_alerts(alerts)})


def _event(type: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {"type": type, "timestamp": at.isoformat(), "data": data}


def _what(reference: str, version: int, terms: Terms, address: str) -> dict[str, Any]:
    return {
        "reference": reference, "version": version, "title": terms.title[:_LONGEST],
        "stage": terms.stage.value if terms.stage else None, "state": terms.state.value if terms.state else "planned",
        "url": f"{address}{page_of(reference)}", **({"posted_by": terms.posted_by} if terms.posted_by else {}),
    }  # fmt: skip


def _alerts(alerts: Sequence[Subscription]) -> dict[str, Any]:
    return {"subscriptions": [one.reference for one in alerts[:100]]}


def _change(one: Change) -> dict[str, Any]:
    return {"field": one.field, "before": _thin(one.before), "after": _thin(one.after)}


def _thin(value: Any) -> Any:
    """A value as the record writes it; a long one as its beginning."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
    said = str(value)
    return value if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
