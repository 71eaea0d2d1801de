"""What the register says of a contract, field by field, for whoever asks: a card, a table's cells, a CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from handlers.messages import Table
from knowledge.dates import in_words
from knowledge.register.asking.filters import pounds
from knowledge.register.asking.nouns import KEPT, Want
from knowledge.register.contract import Contract, somebody
from knowledge.register.exporting import safe_cell
from knowledge.register.holding import Held

SHOWN = 10
"""Contracts a reply shows; more come as a file."""
_Cell = Callable[[Held, date], str]


def day_of(day: date | None) -> str:
    """A day for people."""
    return in_words(day.isoformat()) if day else ""


def value_of(contract: Contract) -> str:
    """The value as the register gives it."""
    if contract.value is None:
        return contract.value_note
    figure = pounds(int(contract.value * Decimal(100)))
    return f"{figure} ({contract.value_note})" if contract.value_note else figure


def end_of(held: Held) -> str:
    """When it ends, or what stands there instead; a contract that a later register lacked ended then."""
    if held.ended_on and (not held.contract.end or held.ended_on < held.contract.end):
        return day_of(held.ended_on)
    return day_of(held.contract.end) or held.contract.end_note


def person(name: str, email: str) -> str:
    """A name with its address, "" where nobody is named."""
    if not somebody(name):
        return name.strip()
    return f"{name.strip()} ({email})" if email else name.strip()


def _said(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _part(share: Decimal | None) -> str:
    return "" if share is None else f"{share}%"


def _numbers(contract: Contract) -> str:
    given = (
        ("company", contract.company_number), ("charity", contract.charity_number),
        ("CPV", " ".join(part for part in (contract.cpv, contract.cpv_label) if part)), ("OCID", contract.ocid),
    )  # fmt: skip
    return "; ".join(f"{name} {value}" for name, value in given if value)


CELLS: dict[Want, tuple[str, _Cell]] = {
    Want.REFERENCE: ("Reference", lambda held, day: held.contract.reference),
    Want.PROVIDER: ("Provider", lambda held, day: held.contract.supplier),
    Want.STATE: ("State", lambda held, day: held.state(day).value),
    Want.START: ("Starts", lambda held, day: day_of(held.contract.start)),
    Want.END: ("Ends", lambda held, day: end_of(held)),
    Want.VALUE: ("Value", lambda held, day: value_of(held.contract)),
    Want.MANAGER: ("Contract manager", lambda held, day: person(held.contract.manager, held.contract.manager_email)),
    Want.DEPUTY: ("Deputy", lambda held, day: person(held.contract.deputy, held.contract.deputy_email)),
    Want.DIRECTOR: ("Lead director", lambda held, day: person(held.contract.director, held.contract.director_email)),
    Want.CONTACT: ("Contact", lambda held, day: contact_of(held.contract)),
    Want.REVIEW: ("Review", lambda held, day: day_of(held.contract.review)),
    Want.EXTENSION: ("Can be extended to", lambda held, day: day_of(held.contract.extension)),
    Want.DELIVERED: ("Delivered by", lambda held, day: held.contract.delivered_by),
    Want.SERVICE: ("Service", lambda held, day: held.contract.service),
    Want.DEPARTMENT: ("Department", lambda held, day: held.contract.department),
    Want.AREA: ("Area", lambda held, day: held.contract.area),
    Want.KIND: ("Type", lambda held, day: held.contract.contract_type),
    Want.SME: ("Small or medium firm", lambda held, day: _said(held.contract.sme)),
    Want.VCSE: ("Voluntary sector", lambda held, day: _said(held.contract.vcse)),
    Want.PROCESS: ("Process", lambda held, day: held.contract.process),
    Want.PARENT: ("Parent contract", lambda held, day: held.contract.parent),
    Want.SUBCONTRACTORS: ("Sub-contractors", lambda held, day: held.contract.subcontractors),
    Want.PAYMENT: ("Payment terms", lambda held, day: held.contract.payment_terms),
    Want.PAYMENT_BELOW: ("Sub-contractors paid", lambda held, day: held.contract.subcontractor_terms),
    Want.SME_SHARE: ("Goes to SMEs", lambda held, day: _part(held.contract.sme_share)),
    Want.VCSE_SHARE: ("Goes to VCSEs", lambda held, day: _part(held.contract.vcse_share)),
    Want.NUMBERS: ("Numbers", lambda held, day: _numbers(held.contract)),
    Want.DESCRIPTION: ("Description", lambda held, day: held.contract.description),
}
"""What a reply can say of a contract, in the order of a card."""


def contact_of(contract: Contract) -> str:
    """The contact point the register publishes."""
    said = person(contract.contact_name, contract.contact_email) or contract.contact_email
    return said or contract.contact_url


def card(held: Held, day: date, *, insider: bool) -> Table:
    """Everything the asker may read of one contract."""
    rows = [("Contract", held.contract.title)]
    rows += [(name, cell(held, day)) for want, (name, cell) in CELLS.items() if insider or want not in KEPT]
    if insider:
        rows += list(held.contract.other.items())
    shown = tuple((name, _one_line(said)) for name, said in rows if said.strip())
    return Table(
        columns=("", "What the register says"), rows=shown, total=1, card=True, contracts=(held.contract.reference,)
    )


def table(held: Sequence[Held], day: date, wants: Iterable[Want], total: int, *, insider: bool) -> Table:
    """Contracts in a table, a row each, with what was asked for beside the usual."""
    columns = _columns(wants, insider=insider)
    rows = tuple(_row(one, day, columns) for one in held)
    names = ("Contract", *(CELLS[want][0] for want in columns))
    return Table(columns=names, rows=rows, total=total, contracts=tuple(one.contract.reference for one in held))


def _columns(wants: Iterable[Want], *, insider: bool) -> list[Want]:
    usual = [Want.REFERENCE, Want.PROVIDER, Want.END, Want.VALUE]
    more = [want for want in wants if want in CELLS and want not in usual and (insider or want not in KEPT)]
    return [*usual, *more]


def _row(held: Held, day: date, columns: Iterable[Want]) -> tuple[str, ...]:
    return (_one_line(held.contract.title), *(_one_line(CELLS[want][1](held, day)) for want in columns))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def as_csv(held: Iterable[Held], day: date, *, insider: bool) -> str:
    """Contracts as a spreadsheet reads them, everything the asker may read in each. No cell can be a formula."""
    columns = [want for want in CELLS if insider or want not in KEPT]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Contract", *(CELLS[want][0] for want in columns)])
    writer.writerows([safe_cell(cell) for cell in _row(one, day, columns)] for one in held)
    return out.getvalue()
