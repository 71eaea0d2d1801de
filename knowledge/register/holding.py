"""The register as the record holds it: what was imported, what people corrected, what a later file lacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.facts import fact, hold_fact, raise_number
from knowledge.register.contract import Contract, State, key_of
from knowledge.store import aware

_AT_ONCE = 500
"""Contracts looked up in one statement: databases limit what one may be given."""


@dataclass(frozen=True)
class Held:
    """A contract in the record. `contract` has what people corrected in place; `corrected` names those fields, with
    their values; `missing_since`: when a file first lacked it; `ended_on`: the day a complete file lacked it."""

    contract: Contract
    corrected: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    line: int = 0
    imported_at: datetime | None = None
    missing_since: datetime | None = None
    ended_on: date | None = None

    def state(self, day: date) -> State:
        """How the contract stands; one that a complete register lacked has ended."""
        if self.ended_on and self.ended_on <= day:
            return State.ENDED
        return self.contract.state(day)


def register_edition(connection: Connection) -> int:
    """The number of what is held of the register and the places: raised by every change."""
    return int(fact(connection, "register_edition") or 0)


def hold_register(connection: Connection) -> None:
    """Waits until nobody else changes register or places, and keeps them from it until this transaction ends."""
    hold_fact(connection, "register_edition")


def raise_register_edition(connection: Connection) -> int:
    """The next edition of the register."""
    return raise_number(connection, "register_edition")


def register_date(connection: Connection) -> date | None:
    """The day of the register: when a file was last imported. None where there is none."""
    value = fact(connection, "register_date")
    return date.fromisoformat(value) if value else None


def contracts(connection: Connection) -> list[Held]:
    """Every contract held, by reference."""
    rows = connection.execute(sa.select(tables.contract).order_by(tables.contract.c.key))
    return [held(row) for row in rows]


def contract(connection: Connection, reference: str) -> Held | None:
    """One contract by its reference, compared trimmed and ignoring case."""
    row = connection.execute(sa.select(tables.contract).where(tables.contract.c.key == key_of(reference))).first()
    return held(row) if row else None


def contracts_of(connection: Connection, keys: Sequence[str]) -> list[Held]:
    """The contracts of these references, as references are compared, in this order; those not held are left out."""
    found: dict[str, Held] = {}
    for at in range(0, len(keys), _AT_ONCE):
        wanted = tables.contract.c.key.in_(keys[at : at + _AT_ONCE])
        found.update((row.key, held(row)) for row in connection.execute(sa.select(tables.contract).where(wanted)))
    return [found[key] for key in keys if key in found]


def held(row: sa.Row) -> Held:  # type: ignore[type-arg]
    """A row of the record as a contract."""
    return Held(
        contract=Contract.model_validate({**row.about, **row.corrected}),
        corrected=row.corrected,
        source=row.source,
        line=row.line,
        imported_at=aware(row.imported_at),
        missing_since=aware(row.missing_since) if row.missing_since else None,
        ended_on=row.ended_on,
    )
