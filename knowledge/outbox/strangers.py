"""Channels at whose other end is a server of the recipient's own, which may be slow or dead for days. One of them must
hold up no other, nor be sent two things at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from knowledge.outbox.owed import Owed
from knowledge.outbox.owing import WAITING
from knowledge.store import Store
from knowledge.tables import notification

STRANGERS = frozenset({"webhook"})
WAITS = "waits for the recipient's server, which fails"
"""The problem of what is put off."""


def is_free(now: datetime) -> sa.ColumnElement[bool]:
    """Whether no worker is sending the recipient of a notification something else of the kind. On PostgreSQL two that
    look at the same moment may both find it so. Asked once for all, not for each: a heap may wait for one server."""
    other = notification.alias()
    busy = sa.select(other.c.recipient).where(
        other.c.state == WAITING, other.c.urgent.is_(False), other.c.channel.in_(STRANGERS), other.c.lease_until > now
    )
    return notification.c.recipient.not_in(busy)


def put_off(store: Store, owed: Owed, wait: timedelta) -> int:
    """Puts off whatever else waits for the same recipient, until this one is tried again: a server that has just failed
    fails the others too, and each would take as long. Returns how many. None of them counts as tried; each says why it
    waits, unless a try of its own failed before."""
    with store.writing() as connection:
        now = store.now(connection)
        n = notification.c
        whose = sa.select(n.recipient).where(n.id == owed.id).scalar_subquery()
        which = sa.and_(
            n.recipient == whose, n.channel == owed.channel, n.state == WAITING, n.lease_until <= now,
            n.due_at < now + wait, n.id != owed.id,
        )  # fmt: skip
        problem = sa.case((n.problem == "", WAITS), else_=n.problem)
        values = {"due_at": now + wait, "problem": problem}
        return connection.execute(sa.update(notification).where(which).values(**values)).rowcount
