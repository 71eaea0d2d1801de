"""Timed work that is done once in the whole cluster, whoever's turn it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.store import aware, insert_new
from knowledge.tables import timed

APART = timedelta(minutes=5)
"""How far the clocks of machines may be apart."""


def is_due(connection: Connection, name: str, now: datetime, every: timedelta) -> bool:
    """Whether some work's time has come, or is so far off that the clock must have been set back. Takes no lock:
    `claim` decides who does it."""
    at = connection.execute(sa.select(timed.c.next_at).where(timed.c.name == name)).scalar()
    return at is None or not now < aware(at) <= now + every + APART


def claim(connection: Connection, name: str, now: datetime, every: timedelta) -> bool:
    """Takes some work up, in the transaction that does it: True for one process only, until it is due again."""
    values = {"next_at": now + every}
    if connection.execute(sa.select(timed.c.name).where(timed.c.name == name)).first() is None:
        insert = insert_new(connection, timed).values(name=name, **values)
        return connection.execute(insert.returning(timed.c.name)).first() is not None
    due = sa.and_(
        timed.c.name == name, sa.or_(timed.c.next_at <= now, timed.c.next_at > now + every + APART)
    )  # fmt: skip
    return connection.execute(sa.update(timed).where(due).values(values)).rowcount == 1
