"""Owing somebody a notification. It commits with the fact it tells of, and is rendered only when it is sent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import party_of
from knowledge.store import insert_new
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
    row = row_of(
        now, kind=kind, subject=subject, recipient=party_of(connection, recipient), channel=channel, concern=concern,
        about=dict(about or {}), urgent=urgent, due_at=due or now,
    )  # fmt: skip
    insert = insert_new(connection, notification).values(**row)
    return connection.execute(insert.returning(notification.c.id)).first() is not None  # psycopg counts no inserts


def states_of(connection: Connection, kind: str, subject: str) -> set[str]:
    """How the notifications of a kind about a subject stand: empty where none is owed."""
    n = notification.c
    found = sa.select(n.state).where(n.subject == subject, n.kind == kind).distinct()
    return set(connection.execute(found).scalars())


def is_owed(connection: Connection, kind: str, subject: str) -> bool:
    """Whether anybody was ever owed a notification of a kind about a subject."""
    n = notification.c
    found = sa.select(n.id).where(n.subject == subject, n.kind == kind).limit(1)
    return connection.execute(found).first() is not None


def row_of(now: datetime, **said: Any) -> dict[str, Any]:
    """The row of a notification nobody has taken up yet. `said`: its kind, subject, recipient (a number), channel and
    about, and whatever else is not as usual."""
    return {
        "id": secrets.token_hex(16), "concern": None, "urgent": False, "state": WAITING, "problem": "",
        "made_at": now, "due_at": now, "lease_until": now, "worker": "", "attempts": 0, "place": {}, **said,
    }  # fmt: skip


def stop(connection: Connection, concern: int, now: datetime) -> int:
    """Stops what is owed about a concern and no worker has in hand. Returns how many."""
    waiting = sa.and_(
        notification.c.concern == concern, notification.c.state == WAITING, notification.c.lease_until <= now
    )
    return connection.execute(sa.update(notification).where(waiting).values(state=STOPPED, settled_at=now)).rowcount
