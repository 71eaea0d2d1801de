"""Who saw, moved, exported, erased, imported and changed what: only ever added to, and nothing but numbers and keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import party_of
from knowledge.tables import audit


class Deed(StrEnum):
    """What can be done that must be accounted for."""

    SAW = "saw"
    MOVED = "moved"
    EXPORTED = "exported"
    ERASED = "erased"
    IMPORTED = "imported"
    UNDID = "undid"
    CHANGED = "changed"
    CLEARED = "cleared"


def account(
    connection: Connection,
    deed: Deed,
    kind: str,
    about: str | int,
    now: datetime,
    *,
    by: str = "",
    counts: Mapping[str, int] | None = None,
) -> None:
    """Writes down that it was done. `kind` and `about`: what to ("concern", 12; "contract", its key; "party", a number;
    "list", "register"; "setting", its name), never an address, a name or what anybody wrote; `by`: the address of who
    did it, kept as their number, "" for the command line and for the desk itself; `counts`: how much, by name."""
    connection.execute(
        sa.insert(audit).values(
            at=now, deed=deed.value, by=party_of(connection, by) if by else None, kind=kind, about=str(about)[:200],
            counts=dict(counts or {}),
        )
    )  # fmt: skip
