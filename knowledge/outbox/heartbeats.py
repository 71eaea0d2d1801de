"""Which processes are alive: each writes down from time to time that it is.

A worker goes by its own name ("MACHINE:NUMBER:..."); any other process has its kind before that ("web/MACHINE:...").
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.store import Store, aware
from knowledge.tables import heartbeat

WORK, WEB, SLACK = "work", "web", "slack"
"""The kinds of process. Only those of the first send what is owed."""
WITHIN = timedelta(seconds=60)
"""How long after it was last heard of a process counts as alive."""
_LOST_WITHIN = timedelta(minutes=15)
"""For how long one that fell silent counts as lost: then whoever was to hear of it has, or another stands for it."""
_REMEMBERED = timedelta(days=1)


class Process(NamedTuple):
    """A process that has not said that it stops. `alive`: heard of lately; `lost`: heard of not long ago, and silent
    now."""

    kind: str
    machine: str
    at: datetime
    alive: bool
    lost: bool


def beat(store: Store, name: str, kind: str = WORK) -> None:
    """A process of this name is alive. Forgets those not heard of for a day."""
    name = _named(name, kind)
    with store.writing() as connection:
        now = store.now(connection)
        changed = connection.execute(sa.update(heartbeat).where(heartbeat.c.name == name).values(at=now))
        if changed.rowcount == 0:
            connection.execute(sa.insert(heartbeat).values(name=name, at=now))
        connection.execute(sa.delete(heartbeat).where(heartbeat.c.at < now - _REMEMBERED))


def forget(store: Store, name: str, kind: str = WORK) -> None:
    """The process of this name has stopped."""
    with store.writing() as connection:
        connection.execute(sa.delete(heartbeat).where(heartbeat.c.name == _named(name, kind)))


def last_beat(store: Store) -> datetime | None:
    """When any worker was last heard of."""
    with store.reading() as connection:
        found = connection.execute(sa.select(sa.func.max(heartbeat.c.at)).where(_WORKS)).scalar()
    return aware(found) if found else None


def alive(store: Store, within: timedelta = WITHIN) -> bool:
    """Whether a worker was heard of so lately that what is owed now leaves soon; in the future is not lately: the clock
    has been set back since."""
    with store.reading() as connection:
        now = store.now(connection)
        lately = heartbeat.c.at.between(now - within, now + within)
        found = sa.select(heartbeat.c.name).where(lately, _WORKS).limit(1)
        return connection.execute(found).first() is not None


def processes(connection: Connection, now: datetime) -> list[Process]:
    """Those heard of within a day that have not said that they stop, by name."""
    rows = connection.execute(sa.select(heartbeat.c.name, heartbeat.c.at).order_by(heartbeat.c.name))
    return [_process(name, aware(at), now) for name, at in rows]


_WORKS = heartbeat.c.name.not_like("%/%")


def _named(name: str, kind: str) -> str:
    return name if kind == WORK else f"{kind}/{name}"


def _process(name: str, at: datetime, now: datetime) -> Process:
    kind, _, rest = name.rpartition("/")
    silence = now - at
    return Process(kind or WORK, rest.partition(":")[0], at, abs(silence) <= WITHIN, WITHIN < silence <= _LOST_WITHIN)
