"""The notices of an intention, and whatever else it names, as the Open Contracting Data Standard has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from knowledge.timeline.notice_types import NoticeType, notice_type
from knowledge.timeline.nouns import State, Statement, Terms
from knowledge.timeline.publishing.moments import moment
from knowledge.timeline.publishing.tender import without_nothing
from knowledge.timeline.reading.keys import is_notice_number, is_ocid
from knowledge.timeline.sites import CONTRACTS_FINDER, FIND_A_TENDER

_TYPES = {
    "UK1": "plannedProcurementNotice", "UK2": "marketEngagementNotice", "UK3": "plannedProcurementNotice",
    "UK7": "contractNotice", "UK12": "tenderCancellationNotice",
}  # fmt: skip
_OF_STATE = {State.PLANNED: "plannedProcurementNotice", State.AWARDED: "awardNotice"}
_PARTS = {State.PLANNED: "planning", State.AWARDED: "award"}


def documents(notices: Iterable[Statement], parts: Sequence[str]) -> list[dict[str, Any]]:
    """The notices that can be read somewhere and belong in one of these parts: planning, tender, award."""
    found = []
    for one in notices:
        kind = notice_type(one.kind)
        part = _PARTS.get(kind.state, "tender") if kind and kind.state else "tender"
        if part in parts and re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", one.url):
            found.append(_document(one, kind))
    return found


def related(terms: Terms) -> list[dict[str, Any]]:
    """The contract it follows, and the notices and processes that it names."""
    prior: list[dict[str, Any]] = [
        {"relationship": ["prior"], "title": "The contract it follows", "identifier": terms.follows}
    ]
    named = [{"identifier": one, **_where(one)} for one in terms.related]
    return [{"id": str(at), **one} for at, one in enumerate([*(prior if terms.follows else []), *named], start=1)]


def _document(one: Statement, kind: NoticeType | None) -> dict[str, Any]:
    known = bool(kind and re.fullmatch(r"UK\d+", kind.key))
    found = {
        "id": one.id, "documentType": _type(kind), "noticeType": kind.key if kind and known else None,
        "title": kind.name if kind else None, "url": one.url, "datePublished": moment(one.at), "format": "text/html",
    }  # fmt: skip
    return without_nothing(found)


def _type(kind: NoticeType | None) -> str | None:
    if kind is None:
        return None
    if kind.key in _TYPES or kind.tenders:
        return _TYPES.get(kind.key, "tenderNotice")
    return _OF_STATE.get(kind.state) if kind.state else None


def _where(named: str) -> dict[str, str]:
    if is_ocid(named):
        return {"scheme": "ocid"}
    if is_notice_number(named):
        return {"uri": f"{FIND_A_TENDER}{named}"}
    return {"uri": f"{CONTRACTS_FINDER}{named[3:]}"} if re.fullmatch(r"cf:[0-9a-f-]{36}", named) else {}
