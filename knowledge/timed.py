"""Timed work that is done once in the whole cluster, whoever's turn it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.store import aware, insert_new
from knowledge.tables import timed


def is_due(connection: Connection, name: str, now: datetime) -> bool:
    """Whether some work's time has come. Takes no lock: `claim` decides who does it."""
    at = connection.execute(sa.select(timed.c.next_at).where(timed.c.name == name)).scalar()
    return at is None or aware(at) <= now


def claim(connection: Connection, name: str, now: datetime, every: timedelta) -> bool:
    """Takes some work up, in the transaction that does it: True for one process only, until it is due again."""
    values = {"next_at": now + every}
    if connection.execute(sa.select(timed.c.name).where(timed.c.name == name)).first() is None:
        insert = insert_new(connection, timed).values(name=name, **values)
        return connection.execute(insert.returning(timed.c.name)).first() is not None
    due = sa.and_(timed.c.name == name, timed.c.next_at <= now)
    return connection.execute(sa.update(timed).where(due).values(values)).rowcount == 1
