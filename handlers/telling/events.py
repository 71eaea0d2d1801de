"""What a webhook is told: thin, for whoever wants more reads the page. Well under 20 kB, whatever happened."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from handlers.telling.headlines import What, what_of
from handlers.timeline_cells import page_of
from knowledge.subscriptions.nouns import Subscription
from knowledge.subscriptions.releases import Release
from knowledge.timeline.nouns import Change, Terms

_LONGEST, _LONGEST_REASON = 300, 1_000
_LARGEST = 18_000
"""Bytes of an event's data: what is longer is cut until it fits."""
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
    reason = " / ".join(told.reasons)[:_LONGEST_REASON]
    data = {**_what(told.reference, told.version, told.terms, address), "changes": [], "reason": reason}
    return {**data, "changes": _changes(told.changes, _LARGEST - _size(data))}


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
    found, told, left = list(items), [], _LARGEST
    for one in found:
        thin = {**one, "title": one["title"][:100], "reason": one["reason"][:120],
                "changes": [change["field"] for change in one["changes"]]}  # fmt: skip
        left -= _size(thin)
        if left < 0:
            break
        told.append(thin)
    data = {"since": since, "items": told, "more": len(found) - len(told), "url": f"{address}/timeline"}
    return _event(f"{_PREFIX}.roundup", at, {**data, **_alerts(alerts)})


def _event(type: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {"type": type, "timestamp": at.isoformat(), "data": data}


def _what(reference: str, version: int, terms: Terms, address: str) -> dict[str, Any]:
    return {
        "reference": reference, "version": version, "title": terms.title[:_LONGEST],
        "stage": terms.stage.value if terms.stage else None, "state": terms.state.value if terms.state else "planned",
        "url": f"{address}{page_of(reference)}"[:2_000],
        **({"posted_by": terms.posted_by[:_LONGEST]} if terms.posted_by else {}),
    }  # fmt: skip


def _alerts(alerts: Sequence[Subscription]) -> dict[str, Any]:
    return {"subscriptions": [one.reference for one in alerts[:100]]}


def _changes(changes: Sequence[Change], most: int) -> list[dict[str, Any]]:
    """Each change with what was and what is, shorter until all of them fit."""
    for longest in (_LONGEST, 60, 0):
        found = [_change(one, longest) for one in changes]
        if _size(found) <= most:
            break
    return found


def _change(one: Change, longest: int) -> dict[str, Any]:
    return {"field": one.field, "before": _thin(one.before, longest), "after": _thin(one.after, longest)}


def _thin(value: Any, longest: int) -> Any:
    """A value as the record writes it; a long one as its beginning."""
    said = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return value if len(said) <= longest else said[:longest] + "…"


def _size(data: Any) -> int:
    return len(json.dumps(data))
