"""One row of a register as a contract, or the reasons why it is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.register.contract import Contract, key_of
from knowledge.register.reading.days import NoDay, looks_like_a_day, read_day
from knowledge.register.reading.headings import Columns
from knowledge.register.reading.money import NoSum, read_money
from knowledge.register.reading.shares import read_share
from knowledge.register.reading.values import NotYesOrNo, read_sme_vcse, read_suppliers, read_yes_no

DAYS = ("start", "end", "review", "extension")
SUMS = ("value", "irrecoverable_vat")
ANSWERS = ("fixed_cost", "sme", "vcse")
SHARES = ("sme_share", "vcse_share")
ADDRESSES = ("contact_email", "manager_email", "deputy_email", "director_email")
NAMES = ("contact_name", "manager", "deputy", "director", "delivered_by", "department")
LONGEST_REFERENCE = 200
"""What the record's column holds."""
_ADDRESS = re.compile(r"\S+@\S+\.\w+")
_NUMERIC_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_POUNDS = ("", "gbp", "£", "pounds", "pound sterling", "pounds sterling", "sterling", "gb pounds")


class BadRow(ValueError):
    """A row that is no contract. Its text says why, reason by reason."""


@dataclass
class Plan:
    """How a file's rows are read: which column is what, and by what headings people know them. `by_description`: there
    are no titles, and the description stands for one."""

    columns: Columns
    headings: Sequence[str]
    by_description: bool = False


def read_cell(field: str, text: str) -> dict[str, Any]:
    """What a cell says of a field, and of what goes with it (`value_note`, `end_note`). The text of a day, a sum or a
    yes or no that says none, or more, is under "". Raises ValueError."""
    if field in DAYS:
        return _day(field, text)
    if field in SUMS:
        return _money(field, text)
    if field in ANSWERS:
        said = read_yes_no(text)
        return {field: said, "": text if said is None else ""}
    if field in SHARES:
        share = read_share(text)
        return {field: share, "": text if share is None else ""}
    if field == "sme_vcse":
        sme, vcse = read_sme_vcse(text)
        return {"sme": sme, "vcse": vcse, "": text if sme is None and vcse is None else ""}
    if field == "supplier":
        return _supplier(text)
    return {field: text}


def read_contract(cells: Sequence[str], plan: Plan) -> Contract:
    """The contract of a row. Raises BadRow with every reason."""
    found: dict[str, Any] = {}
    other = {name: cells[at] for at, name in plan.columns.kept.items() if at < len(cells) and cells[at]}
    wrong: list[str] = []
    for field, at in plan.columns.fields.items():
        text = cells[at] if at < len(cells) else ""
        if not text:
            continue
        try:
            said = read_cell(field, text)
        except ValueError as error:
            wrong.append(f"{plan.headings[at]}: {error}")
            continue
        if kept := said.pop("", ""):
            other[plan.headings[at]] = kept
        found.update({name: value for name, value in said.items() if value not in (None, "")})
    if currency := found.pop("currency", ""):
        _in_pounds(found, currency)
    found.pop("notice", None)
    if plan.by_description:
        found["title"] = " ".join(found.get("description", "").split())
    wrong = _lacking(found) + wrong + _unfitting(found)
    if wrong:
        raise BadRow("; ".join(wrong))
    found["reference"] = " ".join(found["reference"].split())
    return Contract(**found, other=other)


def _lacking(found: dict[str, Any]) -> list[str]:
    wrong = [f"no {name}" for name in ("reference", "title") if not found.get(name, "").strip()]
    if len(key_of(found.get("reference", ""))) > LONGEST_REFERENCE:
        wrong.append(f"the reference is longer than {LONGEST_REFERENCE} characters")
    return wrong


def _unfitting(found: dict[str, Any]) -> list[str]:
    """What no cell shows alone: an end before the start, an address where a name belongs."""
    wrong = []
    if end_before_start(found.get("start"), found.get("end")):
        wrong.append(f"ends on {found['end']:%d/%m/%Y}, before it starts on {found['start']:%d/%m/%Y}")
    if any(found.get(name) and "@" not in found[name] for name in ADDRESSES) and any(
        _ADDRESS.fullmatch(found.get(name, "")) for name in NAMES
    ):
        wrong.append("the cells are shifted: an address stands where a name belongs")
    return wrong


def end_before_start(start: date | None, end: date | None) -> bool:
    """Whether a contract would end before it starts."""
    return start is not None and end is not None and end < start


def _day(field: str, text: str) -> dict[str, Any]:
    try:
        day, note = read_day(text, last=field in ("end", "review"))
    except NoDay:
        if field != "extension" or _NUMERIC_DAY.search(text) or looks_like_a_day(text):
            raise
        return {"": text}  # the LGA's title for it is "Extension Period": "2 x 12 months"
    return {field: day, "end_note" if field == "end" else "": note}


def _money(field: str, text: str) -> dict[str, Any]:
    try:
        value, note = read_money(text)
    except NoSum:
        if field == "value" or looks_like_a_day(text):
            raise
        return {"": text}
    return {field: value, "value_note" if field == "value" else "": note}


def _supplier(text: str) -> dict[str, Any]:
    said = read_suppliers(text)
    if not said.packed:
        return {"supplier": text}
    return {
        "supplier": said.names, "company_number": said.company_number, "charity_number": said.charity_number,
        "other_supplier_id": said.other_id, "sme": said.sme, "vcse": said.vcse, "": text,
    }  # fmt: skip


def _in_pounds(found: dict[str, Any], currency: str) -> None:
    """A sum in another currency is no value in pounds: what was written is kept."""
    if " ".join(currency.lower().split()) in _POUNDS or "value" not in found:
        return
    found["value_note"] = f"{found.get('value_note') or found['value']} {currency}"
    del found["value"]


__all__ = ["BadRow", "NotYesOrNo", "Plan", "end_before_start", "read_cell", "read_contract"]
