"""Which workers are alive: each writes down from time to time that it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from knowledge.store import Store, aware
from knowledge.tables import heartbeat

WITHIN = timedelta(seconds=60)
"""How long after it was last heard of a worker counts as alive."""
_REMEMBERED = timedelta(days=1)


def beat(store: Store, name: str) -> None:
    """A worker of this name is alive. Forgets those not heard of for a day."""
    with store.writing() as connection:
        now = store.now(connection)
        changed = connection.execute(sa.update(heartbeat).where(heartbeat.c.name == name).values(at=now))
        if changed.rowcount == 0:
            connection.execute(sa.insert(heartbeat).values(name=name, at=now))
        connection.execute(sa.delete(heartbeat).where(heartbeat.c.at < now - _REMEMBERED))


def forget(store: Store, name: str) -> None:
    """The worker of this name has stopped."""
    with store.writing() as connection:
        connection.execute(sa.delete(heartbeat).where(heartbeat.c.name == name))


def last_beat(store: Store) -> datetime | None:
    """When any worker was last heard of."""
    with store.reading() as connection:
        found = connection.execute(sa.select(sa.func.max(heartbeat.c.at))).scalar()
    return aware(found) if found else None


def alive(store: Store, within: timedelta = WITHIN) -> bool:
    """Whether a worker was heard of so lately that what is owed now leaves soon; in the future is not lately: the clock
    has been set back since."""
    with store.reading() as connection:
        now = store.now(connection)
        lately = heartbeat.c.at.between(now - within, now + within)
        return connection.execute(sa.select(heartbeat.c.name).where(lately).limit(1)).first() is not None
