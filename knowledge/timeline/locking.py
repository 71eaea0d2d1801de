"""The timeline's lock: one process at a time works on it, and whoever subscribes waits until that one is done."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

_LOCK = 4_701_533_263
"""The number of the PostgreSQL lock under which one process at a time works on the timeline."""


def lock(connection: Connection) -> None:
    """Waits until nobody else works on the timeline. SQLite has one writer anyhow."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def stand_by(connection: Connection) -> None:
    """Waits until what is being worked on is public, and has whoever comes next wait for this transaction; others who
    stand by need not. What an import compares with subscriptions and what it makes public are minutes apart: whoever
    began to want it between the two would neither be told nor have been able to read it."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(_LOCK)))
