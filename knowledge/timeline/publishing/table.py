"""The timeline as a CSV: the columns of the desk's own template, so that it can be imported again, and then ours.

A spreadsheet takes a cell that begins with = + - @ or a tab for a formula: it gets a ' in front, which an import takes
off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from knowledge.register.exporting import safe_cell
from knowledge.services import service_names
from knowledge.timeline.nouns import Lot, Terms
from knowledge.timeline.publishing.site import Site, plain
from knowledge.timeline.reading.keys import is_notice_number, is_ocid
from knowledge.timeline.selecting import Shown
from knowledge.timeline.sites import CONTRACTS_FINDER
from knowledge.timeline.when import When
from knowledge.workdays import day_of

"""Notices as the template names them."""


def lines(found: Iterable[Shown], reasons: Mapping[int, str], site: Site) -> Iterator[str]:
    """The table, a heading and a row each: to be encoded as UTF-8, for which the first line has its mark. `reasons`:
    why each last changed."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([*_COLUMNS, "Reason for change", "Version", "Changed on", "Page", "Buyer", *_POSTED])
    for one in found:
        yield _emptied(out)
        writer.writerow([safe_cell(plain(cell).strip()) for cell in _row(one, reasons.get(one.id, ""), site)])
    yield _emptied(out)


def _emptied(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _row(one: Shown, reason: str, site: Site) -> list[str]:
    cells = [one.reference, *(cell(one.terms) for cell in list(_COLUMNS.values())[1:])]
    whose = one.terms.posted_by or one.buyer or site.council
    ours = [str(one.version), day_of(one.since).isoformat(), site.page(one.reference), whose]
    ours += [_yes_no(one.terms.partner), one.terms.posted_by]
    return [*cells, reason, *ours]


def _service(terms: Terms) -> str:
    """The kind of service by the catalogue's name, else as its source calls it."""
    return service_names().get(terms.service, terms.category)


def _when(when: When | None) -> str:
    return when.said if when else ""


def _yes_no(said: bool | None) -> str:
    return "" if said is None else "Yes" if said else "No"


def _pounds(amount: Decimal | None) -> str:
    if amount is None:
        return ""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _list(names: Sequence[str]) -> str:
    return "; ".join(names)


def _lots(lots: Sequence[Lot]) -> str:
    return _list([_lot(one) for one in lots])


def _lot(one: Lot) -> str:
    title, low, high = re.sub(r"\s*[;\n]\s*", ", ", one.title), _pounds(one.low), _pounds(one.high)
    if low and high:
        return f"{title} (£{low})" if low == high else f"{title} (£{low}-£{high})"
    return f"{title} (from £{low})" if low else f"{title} (up to £{high})" if high else title


def _notices(related: Sequence[str]) -> str:
    """Those that the template has a way of writing."""
    as_written = [re.sub("^cf:", CONTRACTS_FINDER, one) for one in related]
    return _list(
        [one for one in as_written if one.startswith(CONTRACTS_FINDER) or is_notice_number(one) or is_ocid(one)]
    )


_POSTED = ("Partner wanted", "Posted by")
"""Last of all: what a provider offers others. Who posted it stands under "Buyer" as well."""
_COLUMNS: dict[str, Callable[[Terms], str]] = {
    "Reference": lambda terms: "",
    "Title": lambda terms: terms.title,
    "Description": lambda terms: terms.description,
    "Directorate": lambda terms: terms.directorate,
    "Service": _service,
    "Stage": lambda terms: terms.stage or "",
    "Route": lambda terms: terms.route or "",
    "Status": lambda terms: terms.state or "",
    "Value from": lambda terms: _pounds(terms.low),
    "Value to": lambda terms: _pounds(terms.high),
    "Market engagement": lambda terms: _when(terms.engagement),
    "Tender": lambda terms: _when(terms.tender),
    "Tender closes": lambda terms: _when(terms.closes),
    "Award": lambda terms: _when(terms.award),
    "Start": lambda terms: _when(terms.start),
    "End": lambda terms: _when(terms.end),
    "Duration": lambda terms: terms.duration,
    "Area": lambda terms: _list(terms.area),
    "CPV codes": lambda terms: _list(terms.cpv),
    "Region codes": lambda terms: _list(terms.regions),
    "Lots": lambda terms: _lots(terms.lots),
    "Suitable for SMEs": lambda terms: _yes_no(terms.sme),
    "Suitable for VCSEs": lambda terms: _yes_no(terms.vcse),
    "Sub-contracts": lambda terms: _yes_no(terms.subcontract),
    "Contact": lambda terms: terms.contact,
    "Contact e-mail": lambda terms: terms.contact_email,
    "Follows contract": lambda terms: terms.follows,
    "Related notices": lambda terms: _notices(terms.related),
}
"""Heading -> cell, in the template's order; after them its last column, the reason, and ours."""
