"""Which notification comes next, and taking it up: in the transaction of whoever asks."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.leasing import take_up
from knowledge.outbox.owed import Owed, owed_of
from knowledge.outbox.owing import WAITING
from knowledge.outbox.strangers import is_free
from knowledge.tables import notification

LEASE = timedelta(seconds=90)
"""How long a worker has for one notification: more than the slowest channel takes to give up."""


def take(connection: Connection, now: datetime, worker: str, which: sa.ColumnElement[bool], count: int) -> list[Owed]:
    """Takes up so many of those that `which` allows, longest due first, each for one worker."""
    n = notification.c
    values = {"lease_until": now + LEASE, "worker": worker, "attempts": n.attempts + 1}
    return owed_of(connection, take_up(connection, notification, which, (n.due_at, n.id), count, values, notification))


def on_lane(channel: str, urgent: bool) -> sa.ColumnElement[bool]:
    """What one lane sends."""
    return sa.and_(notification.c.channel == channel, notification.c.urgent.is_(urgent))


def is_due(now: datetime, late: timedelta, apart: bool) -> sa.ColumnElement[bool]:
    """What has been due so long and is in nobody's hands: a lease that is longer than any was given before the clock
    was set back. `apart`: nothing for a recipient who is being sent something."""
    n = notification.c
    held = n.lease_until.between(now, now + 2 * LEASE)
    return sa.and_(n.state == WAITING, n.due_at <= now - late, ~held, *([is_free(now)] if apart else []))
