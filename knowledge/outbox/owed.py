"""A notification in a worker's hands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.store import aware
from knowledge.tables import notification, party


class Owed(NamedTuple):
    """A notification to send. `recipient`: an address; `attempts` counts this try; `problem`: why the last one
    failed."""

    id: str
    kind: str
    subject: str
    recipient: str
    channel: str
    concern: int | None
    about: dict[str, Any]
    urgent: bool
    attempts: int
    made_at: datetime
    problem: str


def owed_of(connection: Connection, rows: Collection[Any]) -> list[Owed]:
    """The notifications of these rows of the outbox, with their recipients' addresses, longest due first."""
    numbers = {row.recipient for row in rows}
    found = connection.execute(sa.select(party.c.id, party.c.address).where(party.c.id.in_(numbers)))
    addresses = {row.id: row.address for row in found}
    return [
        Owed(
            row.id, row.kind, row.subject, addresses[row.recipient], row.channel, row.concern, row.about or {},
            row.urgent, row.attempts, aware(row.made_at), row.problem,
        )
        for row in sorted(rows, key=lambda row: (row.due_at, row.id))
    ]  # fmt: skip


def as_known_now(connection: Connection, owed: Owed) -> Owed:
    """With the address the record has now: whoever was erased while it was under way must not be written down again."""
    n = notification.c
    query = sa.select(party.c.address).join(notification, n.recipient == party.c.id).where(n.id == owed.id)
    address = connection.execute(query).scalar()
    return owed._replace(recipient=address) if address else owed
