"""Flat lists of notices from Contracts Finder, as councils' own sites keep them: one object a notice."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from knowledge.timeline.notice_types import NoticeType, notice_type, notice_types
from knowledge.timeline.nouns import Source, State, Statement, Terms
from knowledge.timeline.reading.keys import notice_key
from knowledge.timeline.reading.links import safe_url
from knowledge.timeline.reading.money import read_sum
from knowledge.timeline.reading.parties import once_each
from knowledge.timeline.reading.parts import Part, first, flag, line, text, word
from knowledge.timeline.reading.release import NoStatement
from knowledge.timeline.reading.states import stage_of
from knowledge.timeline.reading.terms import LONGEST_TITLE, shorten
from knowledge.timeline.reading.times import earliest, read_moment

_STATES = {
    "open": State.OPEN, "closed": State.CLOSED, "awarded": State.AWARDED, "withdrawn": State.WITHDRAWN,
    "cancelled": State.WITHDRAWN,
}  # fmt: skip
_KINDS = {State.AWARDED: "CF-award", State.WITHDRAWN: "CF-withdrawn"}
_COMMA = re.compile(r",(?!\s|(?:ltd|limited|llp|plc|inc)\b)", re.I)


def read_notice(entry: Part) -> Statement:
    """The statement of one notice of a list. Raises NoStatement."""
    url = safe_url(word(entry.get("url")))
    key = notice_key(word(entry.get("id"))) or notice_key(url)
    own = word(entry.get("id")) or key.removeprefix("cf:")
    if not own:
        raise NoStatement("has no id")
    state = _STATES.get(word(entry.get("status")).lower())
    kind, buyer = _kind(entry, state), line(entry, "organisation")
    state = kind.state if kind.state == State.PLANNED else state or kind.state
    return Statement(
        source=Source.CONTRACTS_FINDER if key else Source.OTHER, id=own, kind=kind.key, at=_moment(entry),
        keys=(key,) if key else (), buyer=buyer, url=url, terms=_terms(entry, kind, state, buyer),
    )  # fmt: skip


def _kind(entry: Part, state: State | None) -> NoticeType:
    """The kind of notice: by its status where that tells more than its type."""
    if state in _KINDS:
        return notice_types()[_KINDS[state]]
    said = word(entry.get("notice_type"))
    if not said:
        return notice_types()["CF-opportunity"]
    if kind := notice_type(f"Contracts Finder: {said}") or notice_type(said):
        return kind
    raise NoStatement(f"is a kind of notice the desk does not know: {said[:60]!r}")


def _moment(entry: Part) -> datetime:
    for name in ("published_date", "awarded_date", "deadline_date"):
        if at := read_moment(entry.get(name)):
            return at
    raise NoStatement("has no date")


def _terms(entry: Part, kind: NoticeType, state: State | None, buyer: str) -> Terms:
    description = text(entry, "description")
    title = line(entry, "title")
    title = title if 0 < len(title) <= 2 * LONGEST_TITLE else shorten(first((title, description)))
    if not title:
        raise NoStatement("has no title, and nothing to take one from")
    low, high = _band(entry, state)
    return Terms(
        title=title, description=description, stage=stage_of(kind, state), state=state, low=low, high=high,
        area=_area(entry), cpv=_cpv(entry), sme=flag(entry.get("suitable_for_sme")),
        vcse=flag(entry.get("suitable_for_vcse")), contact=buyer, awarded_to=_providers(entry),
        **_times(entry, kind, state),
    )  # fmt: skip


def _band(entry: Part, state: State | None) -> tuple[Decimal | None, Decimal | None]:
    """What was awarded, else the band; one figure alone is both its ends, save that a most alone has no least."""
    awarded = read_sum(entry.get("awarded_value"))
    if state == State.AWARDED and awarded:
        return awarded, awarded
    low, high = read_sum(entry.get("value_low")), read_sum(entry.get("value_high"))
    if low and high:
        return min(low, high), max(low, high)
    return low, high or low


def _times(entry: Part, kind: NoticeType, state: State | None) -> dict[str, Any]:
    last = "engagement" if kind.key == "CF-engagement" else "closes"
    award = earliest([entry.get("awarded_date")]) if state == State.AWARDED else None
    return {last: earliest([entry.get("deadline_date")]), "award": award}


def _area(entry: Part) -> tuple[str, ...]:
    regions = [one.strip() for one in line(entry, "region").split(",")]
    found = [*(one for one in regions if one.lower() != "any region"), line(entry, "postcode").upper()]
    return tuple(dict.fromkeys(one for one in found if one))


def _cpv(entry: Part) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"(?<!\d)\d{8}(?!\d)", word(entry.get("cpv_codes")))))


def _providers(entry: Part) -> tuple[str, ...]:
    """Providers are joined with commas; one before a blank or "Ltd" is part of a name."""
    names: Any = _COMMA.split(line(entry, "awarded_supplier"))
    return once_each(name.strip() for name in names)
