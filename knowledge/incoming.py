"""What came in, written down before it is acknowledged: the id, unique, is also what tells a repeat."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.leasing import take_up
from knowledge.store import Store, aware
from knowledge.tables import incoming

LEASE = timedelta(seconds=60)
"""How long whoever wrote an event down has for handling it before another process takes it up."""
MOST_ATTEMPTS = 5
"""Tries before an event is parked for a person to see."""


class Event(NamedTuple):
    """Something to handle. `attempts` counts this try."""

    id: str
    payload: dict[str, Any]
    attempts: int


class Parked(NamedTuple):
    """Something that could not be handled."""

    id: str
    surface: str
    received_at: datetime
    attempts: int


def write_down(store: Store, id: str, surface: str, payload: dict[str, Any]) -> bool:
    """Writes an event down, leased to the caller. False where it is there already: a repeat. Repeats come when the desk
    is slow, so they are told by reading alone and wait for nobody."""
    with store.reading() as connection:
        if connection.execute(sa.select(incoming.c.id).where(incoming.c.id == id)).first():
            return False
    with store.writing() as connection:
        now = store.now(connection)
        if connection.execute(sa.select(incoming.c.id).where(incoming.c.id == id)).first():
            return False
        try:
            connection.execute(
                sa.insert(incoming).values(
                    id=id,
                    surface=surface,
                    received_at=now,
                    lease_until=now + LEASE,
                    attempts=1,
                    state="received",
                    payload=payload,
                )
            )
        except sa.exc.IntegrityError:  # PostgreSQL: another process was first, between the look and the write
            connection.rollback()
            return False
    return True


def claim(store: Store, surface: str, count: int = 10) -> list[Event]:
    """Takes up events whose holder has not finished in time. One statement, so that each goes to one process. Before it
    a look that takes no lock: there is rarely anything."""
    with store.reading() as connection:
        if not connection.execute(
            sa.select(incoming.c.id).where(_left(surface, store.now(connection))).limit(1)
        ).first():
            return []
    with store.writing() as connection:
        now, i = store.now(connection), incoming.c
        values = {"lease_until": now + LEASE, "attempts": i.attempts + 1}
        rows = take_up(
            connection, incoming, _left(surface, now), (i.received_at,), count, values, i.id, i.payload, i.attempts
        )
    return [Event(row.id, row.payload or {}, row.attempts) for row in rows]


def _left(surface: str, now: datetime) -> sa.ColumnElement[bool]:
    """A lease that began in the future was given before the clock was set back: nobody need wait for it."""
    i = incoming.c
    void = sa.and_(i.received_at > now + LEASE, i.lease_until > now + 2 * LEASE)
    return sa.and_(i.state == "received", i.surface == surface, sa.or_(i.lease_until < now, void))


def renew(store: Store, id: str, attempts: int) -> bool:
    """Leases an event anew to whoever holds this try of it. False where it is handled, or somebody else has taken it
    up: the caller waited too long and must leave it alone. A lease that has long to run is left as it is."""
    with store.reading() as connection:
        enough = store.now(connection) + LEASE / 2
        mine = sa.and_(incoming.c.id == id, incoming.c.state == "received", incoming.c.attempts == attempts)
        if connection.execute(sa.select(incoming.c.id).where(mine, incoming.c.lease_until > enough)).first():
            return True
    with store.writing() as connection:
        until = store.now(connection) + LEASE
        held = _open(id).where(incoming.c.attempts == attempts)
        return connection.execute(held.values(lease_until=until)).rowcount == 1


def keep(store: Store, id: str, payload: dict[str, Any]) -> None:
    """Keeps more of an open event than came in: what whoever takes it up next must know of this try."""
    with store.writing() as connection:
        connection.execute(_open(id).values(payload=payload))


def settle(store: Store, id: str) -> None:
    """Ends an event: handled. Its payload, which holds what somebody wrote, goes. Whoever else had tried it, and even
    parked it: it is done."""
    with store.writing() as connection:
        values = {"state": "handled", "handled_at": store.now(connection), "payload": sa.null()}
        connection.execute(
            sa.update(incoming).where(incoming.c.id == id, incoming.c.state != "handled").values(**values)
        )


def park(connection: Connection, now: datetime, id: str, attempts: int) -> bool:
    """Leaves an event to a person, with what it held. False where this try does not hold it any more."""
    held = _open(id).where(incoming.c.attempts == attempts)
    return connection.execute(held.values(state="parked", handled_at=now)).rowcount == 1


def release(store: Store, id: str, after: timedelta, attempts: int | None = None) -> None:
    """Gives an event back to be taken up again after a while; with `attempts`, only where that try still holds it."""
    with store.writing() as connection:
        until = store.now(connection) + after
        held = _open(id) if attempts is None else _open(id).where(incoming.c.attempts == attempts)
        connection.execute(held.values(lease_until=until))


def _open(id: str) -> sa.Update:
    return sa.update(incoming).where(incoming.c.id == id, incoming.c.state == "received")


def parked(store: Store) -> list[Parked]:
    """What could not be handled and waits for a person: oldest first, without what anybody wrote."""
    return _parked(store, sa.true())


def parked_event(store: Store, id: str) -> Parked | None:
    """One event that could not be handled; None where it is not parked, or no more."""
    return next(iter(_parked(store, incoming.c.id == id)), None)


def _parked(store: Store, which: sa.ColumnElement[bool]) -> list[Parked]:
    with store.reading() as connection:
        rows = connection.execute(
            sa.select(incoming.c.id, incoming.c.surface, incoming.c.received_at, incoming.c.attempts)
            .where(incoming.c.state == "parked", which)
            .order_by(incoming.c.received_at)
        ).all()
    return [Parked(row.id, row.surface, aware(row.received_at), row.attempts) for row in rows]


def unpark(store: Store) -> int:
    """Gives everything parked another run of tries. Returns how many."""
    with store.writing() as connection:
        values = {"state": "received", "attempts": 0, "lease_until": store.now(connection) - LEASE, "handled_at": None}
        return connection.execute(sa.update(incoming).where(incoming.c.state == "parked").values(**values)).rowcount
