"""What people put right in the desk: it counts for more than the file, and survives the next import."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.register.contract import Contract, key_of
from knowledge.register.holding import Held, contract, contracts, held, hold_register, raise_register_edition
from knowledge.register.reading.grid import RegisterError
from knowledge.register.reading.headings import FIELDS
from knowledge.register.reading.rows import ADDRESSES, end_before_start, read_cell
from knowledge.register.reading.values import read_text

CORRECTABLE = tuple(name for name in FIELDS if name != "reference")
_NOTES = {"value": "value_note", "end": "end_note"}
"""What goes with a field and is corrected with it."""


def correct(connection: Connection, reference: str, field: str, text: str) -> Held:
    """Sets one field as people say it is, read like a cell; "" empties it. Raises RegisterError."""
    row = _row(connection, reference)
    corrected = {**row.corrected, **_said(field, read_text(text))}
    after = Contract.model_validate({**row.about, **corrected})
    if end_before_start(after.start, after.end):
        raise RegisterError(f"{after.reference} would end on {after.end}, before it starts on {after.start}")
    return _keep(connection, row, corrected)


def undo(connection: Connection, reference: str, field: str) -> Held:
    """Gives one field back to the file. Raises RegisterError where nobody corrected it."""
    row = _row(connection, reference)
    if field not in row.corrected:
        there = ", ".join(row.corrected) or "none is"
        raise RegisterError(f"{field} of {reference} is not corrected; of its fields, {there}")
    gone = {field, _NOTES.get(field, field)}
    corrected = {name: value for name, value in row.corrected.items() if name not in gone}
    after = Contract.model_validate({**row.about, **corrected})
    if end_before_start(after.start, after.end):
        raise RegisterError(f"{after.reference} would end on {after.end}, before it starts on {after.start}")
    return _keep(connection, row, corrected)


def near(connection: Connection, reference: str) -> list[str]:
    """References that are nearly this one, the nearest first."""
    from rapidfuzz import fuzz, process

    known = {one.contract.key: one.contract.reference for one in contracts(connection)}
    found = process.extract(key_of(reference), list(known), scorer=fuzz.ratio, score_cutoff=60, limit=5)
    return [known[name] for name, _, _ in found]


def wanted(connection: Connection, reference: str) -> Held:
    """A contract by its reference. Raises RegisterError, naming near ones."""
    found = contract(connection, reference)
    if found is None:
        like = near(connection, reference)
        raise RegisterError(
            f"there is no contract {reference!r}" + (f"; near it are {', '.join(like)}" if like else " in the register")
        )
    return found


def _row(connection: Connection, reference: str) -> Any:
    hold_register(connection)
    wanted(connection, reference)
    query = sa.select(tables.contract).where(tables.contract.c.key == key_of(reference))
    return connection.execute(query).one()


def _said(field: str, text: str) -> dict[str, Any]:
    """What a correction sets, as the record writes it."""
    empty = {name: Contract.model_fields[name].get_default() for name in (field, _NOTES.get(field, field))}
    if not text:
        if field == "title":
            raise RegisterError("a contract cannot go without a title")
        return empty
    if field in ADDRESSES and "@" not in text:
        raise RegisterError(f"{field}: {text!r} is no address")
    try:
        said = read_cell(field, text)
    except ValueError as error:
        raise RegisterError(f"{field}: {error}") from None
    kept = said.pop("", "")
    told = {name: value for name, value in said.items() if name in empty and value is not None}
    if kept and field != "supplier" and not told:
        raise RegisterError(f"{field}: {text!r} says nothing the desk can hold")
    whole = Contract.model_validate({"reference": "x", "title": "x", **empty, **told}).model_dump(mode="json")
    return {name: whole[name] for name in empty}


def _keep(connection: Connection, row: Any, corrected: dict[str, Any]) -> Held:
    table = tables.contract
    if corrected != row.corrected:
        connection.execute(sa.update(table).where(table.c.key == row.key).values(corrected=corrected))
        raise_register_edition(connection)
    return held(connection.execute(sa.select(table).where(table.c.key == row.key)).one())
