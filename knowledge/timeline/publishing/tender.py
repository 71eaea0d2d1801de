"""The tender of a release: what is to be bought, in the words of the Open Contracting Data Standard."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from knowledge.timeline.nouns import Lot, Route, Stage, State, Terms
from knowledge.timeline.publishing.moments import begins, ends
from knowledge.timeline.publishing.site import Words
from knowledge.timeline.selecting import Shown

_STATUSES = {State.OPEN: "active", State.CLOSED: "complete", State.AWARDED: "complete"}
_PROCEDURES = {
    Route.UNDECIDED: "Not decided", Route.IN_HOUSE: "In-house", Route.GRANT: "Grant",
    Route.FRAMEWORK: "Call-off under a framework", Route.TENDER: "Tender", Route.LIGHT_TOUCH: "Light touch",
    Route.DIRECT: "Direct award",
}  # fmt: skip
_CATEGORIES = ("goods", "services", "works")
_LENGTH = re.compile(r"(\d{1,3}) (month|year|day)s?")


def tender(one: Shown, opened: bool, buyer: Mapping[str, str], words: Words) -> dict[str, Any]:
    """The tender. `opened`: bids have been invited before."""
    terms, category = one.terms, one.terms.category.casefold()
    found = {
        "id": one.reference, "title": terms.title, "description": terms.description,
        "status": status(terms, opened), "procuringEntity": dict(buyer),
        "minValue": _value(terms.low, terms.gross), "value": _value(terms.high, terms.gross),
        "procurementMethod": "direct" if terms.route is Route.DIRECT else None,
        "procurementMethodDetails": _PROCEDURES[terms.route] if terms.route else None,
        "specialRegime": ["lightTouch"] if terms.route is Route.LIGHT_TOUCH else None,
        "mainProcurementCategory": category if category in _CATEGORIES else None,
        "tenderPeriod": _period(begins(terms.tender), ends(terms.closes)),
        "awardPeriod": _period(None, ends(terms.award)),
        "contractPeriod": _period(begins(terms.start), ends(terms.end), _length(terms.duration)),
        "items": _items(terms, words), "lots": [_lot(lot, at, terms) for at, lot in enumerate(terms.lots, start=1)],
        "suitability": _suitability(terms),
    }  # fmt: skip
    return without_nothing(found)


def status(terms: Terms, opened: bool) -> str:
    """The standard's word for how it stands. Withdrawn after bids were invited is cancelled."""
    if terms.state is State.WITHDRAWN:
        return "cancelled" if opened else "withdrawn"
    early = "planning" if terms.stage in (None, Stage.ANALYSE) else "planned"
    return _STATUSES.get(terms.state or State.PLANNED, early)


def without_nothing(said: Mapping[str, Any]) -> dict[str, Any]:
    """What says something: the standard has no place for what is empty."""
    return {name: value for name, value in said.items() if value is not None and value not in ("", [], {})}


def _value(amount: Decimal | None, gross: bool | None) -> dict[str, Any] | None:
    if amount is None:
        return None
    number = int(amount) if amount == int(amount) else float(amount)
    return {"amountGross" if gross else "amount": number, "currency": "GBP"}


def _period(start: str | None, end: str | None, length: Mapping[str, int] | None = None) -> dict[str, Any]:
    return without_nothing({"startDate": start, "endDate": end, **(length or {})})


def _length(duration: str) -> dict[str, int]:
    """A duration that is one number, as the standard counts it."""
    if not (found := _LENGTH.fullmatch(duration.strip().casefold())):
        return {}
    number, unit = int(found[1]), found[2]
    return {"durationInDays": number} if unit == "day" else {"durationInMonths": number * (12 if unit == "year" else 1)}


def _items(terms: Terms, words: Words) -> list[dict[str, Any]]:
    """One item: what it is by its codes, and where it is wanted."""
    codes = [{"scheme": "CPV", "id": code} for code in terms.cpv]
    places = [{"region": code} for code in terms.regions] + [{"description": name} for name in terms.area]
    if not codes and not places:
        return []
    item = {
        "id": "1", "description": words.kinds((terms.service,)) or terms.category or terms.title,
        "classification": codes[0] if codes else None, "additionalClassifications": codes[1:],
        "deliveryAddresses": places,
    }  # fmt: skip
    return [without_nothing(item)]


def _lot(lot: Lot, at: int, terms: Terms) -> dict[str, Any]:
    said = {
        "id": str(at), "title": lot.title, "description": lot.description,
        "minValue": _value(lot.low, terms.gross), "value": _value(lot.high, terms.gross),
    }  # fmt: skip
    return without_nothing(said)


def _suitability(terms: Terms) -> dict[str, bool]:
    return without_nothing({"sme": terms.sme, "vcse": terms.vcse})
