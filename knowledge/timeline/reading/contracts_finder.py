"""Contracts Finder's CSV export: a row a notice, as a Statement or every reason why it is none.

Its people are left out: of a contact only the e-mail address given for the purpose is kept, and the organisation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from knowledge.parties import is_email
from knowledge.register.reading.grid import Row
from knowledge.register.reading.headings import words_of
from knowledge.timeline.nouns import Problem, Route, Source, State, Statement, Terms, is_empty
from knowledge.timeline.reading.finder_cells import Cells, places_of
from knowledge.timeline.reading.finder_kinds import Kind, route_of
from knowledge.timeline.reading.keys import notices_named, reference_key
from knowledge.timeline.reading.packed import supplier_names
from knowledge.timeline.reading.rows import cells_of, terms_of

NEEDED = ("Notice Identifier", "Notice Type", "Organisation Name", "Status", "Title")
PRIVATE = ("Contact Name", "Contact Telephone", "Supplier's contact name")
SHORTER = 1
"""Cells a row may lack at its end: notices from before there were closing times lack that one."""
_AHEAD = timedelta(days=366)
"""How long after its notice an award may be dated: what is dated later is a slip."""
_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SITE = "https://www.contractsfinder.service.gov.uk/Notice/"
_LINK = re.compile(rf"contractsfinder\.service\.gov\.uk/notice/({_GUID})", re.I)
_LONGEST_TITLE = 120


def is_export(headings: Sequence[str]) -> bool:
    """Whether these are the headings of Contracts Finder's export."""
    return {words_of(one) for one in NEEDED} <= places_of(headings).keys()


def read_notice(number: int, row: Row, headings: Sequence[str], places: Mapping[str, int]) -> Statement | Problem:
    """The statement of the row at a position, or the problem it is. `places`: of the headings (`places_of`)."""
    cells = Cells(row, places)
    identifier, buyer = cells.text("Notice Identifier"), cells.text("Organisation Name")
    kind, at = cells.kind(), cells.published()
    terms = _terms(cells, kind, at) if kind and at else Terms(title=cells.text("Title"))
    wrong = _shape(row, len(headings)) + _lacking(cells, terms) + cells.wrong
    if row.broken or wrong or kind is None or at is None:
        reason, kept = row.broken or "; ".join(dict.fromkeys(wrong)), cells_of(row, headings, PRIVATE)
        return Problem(record=number, reason=reason, reference=identifier, cells={} if row.broken else kept)
    linked = () if terms.route == Route.FRAMEWORK else _linked(cells)  # a call-off links to its framework's notice
    keys = dict.fromkeys(one for one in (reference_key(buyer, identifier), *_own(identifier), *linked) if one)
    return Statement(
        source=Source.CONTRACTS_FINDER, id=_id(identifier, buyer), kind=kind.key, at=at,
        keys=tuple(filter(None, keys)), buyer=buyer,
        url=_SITE + linked[0].removeprefix("cf:") if linked else "", terms=terms,
    )  # fmt: skip


def _id(identifier: str, buyer: str) -> str:
    """The notice's number. Buyers give them, and two may give the same one: only with the buyer it is unique."""
    return identifier if _own(identifier) else f"{identifier} ({buyer})"


def _own(identifier: str) -> tuple[str, ...]:
    """The key in an identifier that is the site's own number."""
    return (f"cf:{identifier.lower()}",) if re.fullmatch(_GUID, identifier, re.I) else ()


def _linked(cells: Cells) -> tuple[str, ...]:
    """The keys of the site's notices that this one links to."""
    return tuple(dict.fromkeys(f"cf:{guid.lower()}" for guid in _LINK.findall(cells.text("Links"))))


def _named(cells: Cells) -> list[str]:
    """The notices on Find a Tender that this one links to or tells of."""
    return notices_named(f"{cells.text('Links')} {cells.lines('Description')}")


def _shape(row: Row, width: int) -> list[str]:
    if any(row.cells[width:]):
        return [f"too many cells: {len(row.cells)} under {width} headings"]
    if len(row.cells) < width - SHORTER:
        return [f"too few cells: {len(row.cells)} under {width} headings"]
    return []


def _lacking(cells: Cells, terms: Terms) -> list[str]:
    wrong = [f"no {heading}" for heading in ("Notice Identifier", "Organisation Name") if not cells.text(heading)]
    return wrong if terms.title or cells.wrong else [*wrong, "no Title, and no Description to take it from"]


def _terms(cells: Cells, kind: Kind, at: datetime) -> Terms:
    description, email = cells.lines("Description"), cells.text("Contact Email")
    description = description if re.search(r"\w", description) else ""
    said = {
        "title": cells.text("Title") or _beginning(description), "description": description, "stage": kind.stage,
        "state": kind.state, "route": route_of(cells.text("OJEU Procedure Type")),
        "cpv": _cpv(cells.text("Cpv Codes")), "area": _area(cells), "sme": cells.yes_no("Suitable for SME"),
        "vcse": cells.yes_no("Suitable for VCO"), "subcontract": cells.yes_no("Is sub-contract"),
        "contact": cells.text("Organisation Name"), "contact_email": email if is_email(email) else "",
        "related": (cells.text("Parent Reference"), *_linked(cells), *_named(cells)), **_value(cells, kind),
        "awarded_to": supplier_names(cells.lines("Supplier")), **_times(cells, kind, at),
    }  # fmt: skip
    said["related"] = tuple(one for one in said["related"] if one)
    return terms_of({name: value for name, value in said.items() if not is_empty(value)})


def _beginning(description: str) -> str:
    """What stands for a title where there is none."""
    line = " ".join(description.split())
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _value(cells: Cells, kind: Kind) -> dict[str, Any]:
    """What was awarded, else the band. The lower figure alone is both ends: buyers with one figure write it there."""
    low, high, awarded = cells.sum("Value Low"), cells.sum("Value High"), cells.sum("Awarded Value")
    if kind.state == State.AWARDED and awarded is not None:
        return {"low": awarded, "high": awarded}
    if low is None:
        return {"high": high}
    return {"low": min(low, high or low), "high": max(low, high or low)}


def _times(cells: Cells, kind: Kind, at: datetime) -> dict[str, Any]:
    """The days. What the contract says wins over what was planned; an end before the start is a slip, and left out."""
    start, end = cells.when("Contract start date", "Start Date"), cells.when("Contract end date", "End Date")
    closes, award = cells.when("Closing Date"), cells.when("Awarded Date")
    if start and end and end.last < start.first:
        end = None
    if award and (kind.state != State.AWARDED or award.first > at.date() + _AHEAD):
        award = None
    last = "engagement" if kind.key == "CF-engagement" else "closes"
    return {"start": start, "end": end, "award": award, last: closes}


def _area(cells: Cells) -> tuple[str, ...]:
    """The regions and the postcode as given, "Nationwide" where that is said."""
    return _places(bool(cells.yes_no("Nationwide")), cells.text("Region"), cells.text("Postcode"))


@lru_cache(maxsize=10_000)
def _places(nationwide: bool, regions: str, postcode: str) -> tuple[str, ...]:
    said = [*(["Nationwide"] if nationwide else []), *(part.strip() for part in regions.split(",")), postcode.upper()]
    return tuple(dict.fromkeys(part for part in said if part))


@lru_cache(maxsize=10_000)
def _cpv(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"\b(\d{8})(?:-\d)?\b", text)))
