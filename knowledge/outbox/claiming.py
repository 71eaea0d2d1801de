"""Taking up what is owed. Each notification is in one worker's hands at a time; what a dead one held, another takes up.

Whoever takes one up holds it by its name and the number of the try: a worker that was too slow, and whose lease has run
out, can settle nothing any more.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from knowledge.outbox.owed import Owed, owed_of
from knowledge.outbox.owing import MOOT, PARKED, SENT, UNDELIVERABLE, WAITING
from knowledge.outbox.strangers import STRANGERS, is_free
from knowledge.store import Store
from knowledge.tables import notification

LEASE = timedelta(seconds=90)
"""How long a worker has for one notification: more than the slowest channel takes to give up."""
_LONGEST_PROBLEM = 200
_ARRIVE_AT_ONCE = frozenset({"slack", "webhook", "screen"})
"""Channels on which what has left has arrived; of an e-mail only its carrier can say so."""
DELIVERED = "delivered"
"""The receipt of what has arrived."""


def claim(store: Store, worker: str, channel: str, *, urgent: bool, count: int = 10) -> list[Owed]:
    """Takes up what is due on a channel, longest due first, either urgent or not. `worker`: a name no other has."""
    which = sa.and_(notification.c.channel == channel, notification.c.urgent.is_(urgent))
    return _claim(store, worker, which, timedelta(), count, apart=channel in STRANGERS)


def claim_stranded(
    store: Store, worker: str, channels: Collection[str], late: timedelta, count: int = 10
) -> list[Owed]:
    """Takes up what has been due so long on a channel that is none of these."""
    return _claim(store, worker, notification.c.channel.not_in(channels), late, count)


def _claim(
    store: Store, worker: str, which: sa.ColumnElement[bool], late: timedelta, count: int, *, apart: bool = False
) -> list[Owed]:
    """One statement, so that each goes to one worker. Before it a look that takes no lock: workers ask every second,
    and must not hold up those who write. `apart`: nothing for a recipient who is being sent something."""
    with store.reading() as connection:
        due = sa.select(notification.c.id).where(_open(store.now(connection), late, apart), which)
        if connection.execute(due.limit(1)).first() is None:
            return []
    with store.writing() as connection:
        now = store.now(connection)
        pick = (
            sa.select(notification.c.id)
            .where(_open(now, late, apart), which)
            .order_by(notification.c.due_at, notification.c.id)
            .limit(count)
            .with_for_update(skip_locked=True)
            .cte("pick")
            .prefix_with("MATERIALIZED", dialect="postgresql")
        )
        rows = connection.execute(
            sa.update(notification)
            .where(notification.c.id.in_(sa.select(pick.c.id)))
            .values(lease_until=now + LEASE, worker=worker, attempts=notification.c.attempts + 1)
            .returning(notification)
        ).all()
        return owed_of(connection, rows)


def _open(now: datetime, late: timedelta, apart: bool) -> sa.ColumnElement[bool]:
    """A lease that is longer than any was given before the clock was set back: nobody need wait for it."""
    n = notification.c
    held = n.lease_until.between(now, now + 2 * LEASE)
    return sa.and_(n.state == WAITING, n.due_at <= now - late, ~held, *([is_free(now)] if apart else []))


# --- how it ended: each gives False where the worker holds that try no longer -------------------------------------


def settle_sent(store: Store, owed: Owed, worker: str, place: dict[str, Any]) -> bool:
    """It has left. `place`: where it now stands."""
    return _settle(store, owed, worker, arrived=owed.channel in _ARRIVE_AT_ONCE, state=SENT, place=place, problem="")


def settle_again(store: Store, owed: Owed, worker: str, problem: str, after: timedelta) -> bool:
    """It has not left, and is due again after a while."""
    return _settle(store, owed, worker, after=after, problem=problem)


def settle_moot(store: Store, owed: Owed, worker: str) -> bool:
    """There was nothing left to say."""
    return _settle(store, owed, worker, state=MOOT, problem="")


def settle_undeliverable(store: Store, owed: Owed, worker: str, problem: str) -> bool:
    """Nothing arrives at that address."""
    return _settle(store, owed, worker, state=UNDELIVERABLE, problem=problem)


def park(store: Store, owed: Owed, worker: str, problem: str) -> bool:
    """It is left to a person, who may have it tried again."""
    return _settle(store, owed, worker, state=PARKED, problem=problem)


def _settle(
    store: Store, owed: Owed, worker: str, *, after: timedelta | None = None, arrived: bool = False, **values: Any
) -> bool:
    with store.writing() as connection:
        now = store.now(connection)
        values |= {"due_at": now + after} if after is not None else {"settled_at": now}
        values |= {"receipt": DELIVERED, "receipt_at": now} if arrived else {}
        values["problem"] = values["problem"][:_LONGEST_PROBLEM]
        held = sa.and_(
            notification.c.id == owed.id,
            notification.c.worker == worker,
            notification.c.attempts == owed.attempts,
            notification.c.state == WAITING,
        )
        return connection.execute(sa.update(notification).where(held).values(lease_until=now, **values)).rowcount == 1


def unpark(store: Store, id: str | None = None) -> int:
    """Has what is parked tried again now, and what waits for another try; with an id only that one, even where it
    counts as undeliverable. Returns how many. One try stays counted: it may have left."""
    with store.writing() as connection:
        now = store.now(connection)
        waits = sa.and_(
            notification.c.state == WAITING, notification.c.problem != "", notification.c.lease_until <= now
        )
        stuck = notification.c.state.in_([PARKED] if id is None else [PARKED, UNDELIVERABLE])
        which = sa.or_(stuck, waits) if id is None else sa.and_(notification.c.id == id, sa.or_(stuck, waits))
        values = {"state": WAITING, "attempts": 1, "due_at": now, "lease_until": now, "settled_at": None}
        return connection.execute(sa.update(notification).where(which).values(**values)).rowcount
