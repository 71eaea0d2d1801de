"""Rows of one file that have the same reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.register.contract import Contract

_OF_SUPPLIERS = ("supplier", "company_number", "charity_number", "other_supplier_id")


@dataclass(frozen=True)
class Taken:
    """A row that is a contract, its line, and its cells as they stood."""

    line: int
    contract: Contract
    cells: list[str] = field(default_factory=list)


def settle(rows: Sequence[Taken], *, joined: bool) -> tuple[dict[str, Taken], list[tuple[Taken, str]]]:
    """One row a reference, by key, and the others with the reason. Of the same title the later row counts, of different
    titles the first. `joined`: the references are notices' ids, which stand on a row for each winner: its suppliers are
    joined."""
    found: dict[str, Taken] = {}
    others: list[tuple[Taken, str]] = []
    replaced: list[Taken] = []
    for row in rows:
        key = row.contract.key
        before = found.setdefault(key, row)
        if before is row:
            continue
        if before.cells == row.cells or _same(before.contract, row.contract):
            others.append((row, f"the same row as line {before.line}"))
        elif _title(before) != _title(row):
            why = f"has the reference of line {before.line} and another title: line {before.line} was loaded"
            others.append((row, f"line {row.line} {why}"))
        else:
            replaced.append(before)
            found[key] = _with_suppliers(before, row) if joined else row
    return found, others + [(row, _why(row, found[row.contract.key], joined)) for row in replaced]


def _same(one: Contract, other: Contract) -> bool:
    return one == other or one == other.model_copy(update={"reference": one.reference})


def _title(row: Taken) -> str:
    return " ".join(row.contract.title.split()).casefold()


def _why(row: Taken, last: Taken, joined: bool) -> str:
    one, other = row.contract, last.contract
    fields = [name for name in type(one).model_fields if getattr(one, name) != getattr(other, name)]
    if not fields:
        return f"the same row as line {last.line}"
    lines = f"lines {row.line} and {last.line}"
    if joined and set(fields) <= {*_OF_SUPPLIERS, "sme", "vcse", "other"}:
        return f"{lines} are winners of one notice: line {last.line} was loaded, with the suppliers of both"
    told = ", ".join(fields)
    return f"{lines} have the same reference and title, and other values ({told}): line {last.line} was loaded"


def _with_suppliers(before: Taken, row: Taken) -> Taken:
    """The later row with the suppliers of both. The numbers of several are joined like their names."""
    said = {}
    for name in _OF_SUPPLIERS:
        parts = [*getattr(before.contract, name).split("; "), *getattr(row.contract, name).split("; ")]
        said[name] = "; ".join(dict.fromkeys(part for part in parts if part))
    return Taken(row.line, row.contract.model_copy(update=said), row.cells)
