"""Owing somebody a notification. It commits with the fact it tells of, and is rendered only when it is sent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import party_of
from knowledge.tables import notification

WAITING, SENT, PARKED, STOPPED, MOOT = "waiting", "sent", "parked", "stopped", "moot"
UNDELIVERABLE, GATHERING, GATHERED = "undeliverable", "gathering", "gathered"
"""How a notification stands. `parked`: it could not be sent, and a person was told; `stopped`: taken back before it
left; `moot`: when its turn came there was nothing left to say; `undeliverable`: nothing arrives at that address, so
whoever comes next was owed it instead; `gathering`: kept for a round-up; `gathered`: told in one."""


def owe(
    connection: Connection,
    now: datetime,
    *,
    kind: str,
    subject: str,
    recipient: str,
    channel: str,
    concern: int | None = None,
    about: Mapping[str, Any] | None = None,
    urgent: bool = False,
    due: datetime | None = None,
) -> bool:
    """Owes a recipient (an address) one notification of a kind about a subject on a channel. False where it is owed
    already. `due`: not before then."""
    number = party_of(connection, recipient)
    row = {
        "id": secrets.token_hex(16), "kind": kind, "subject": subject, "recipient": number, "channel": channel,
        "concern": concern, "about": dict(about or {}), "urgent": urgent, "state": WAITING, "problem": "",
        "made_at": now,
        "due_at": due or now, "lease_until": now, "worker": "", "attempts": 0, "place": {},
    }  # fmt: skip
    insert = _insert(connection)(notification).values(**row).on_conflict_do_nothing()
    return connection.execute(insert.returning(notification.c.id)).first() is not None  # psycopg counts no inserts


def stop(connection: Connection, concern: int, now: datetime) -> int:
    """Stops what is owed about a concern and no worker has in hand. Returns how many."""
    waiting = sa.and_(
        notification.c.concern == concern, notification.c.state == WAITING, notification.c.lease_until <= now
    )
    return connection.execute(sa.update(notification).where(waiting).values(state=STOPPED, settled_at=now)).rowcount


def _insert(connection: Connection) -> Any:
    """The engine's own INSERT, which knows what to do about a row that is there already."""
    from sqlalchemy.dialects import postgresql, sqlite

    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
