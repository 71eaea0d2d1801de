"""What is owed on the screen: for its recipients to read on the desk's own page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owed import Owed, owed_of
from knowledge.outbox.owing import SENT, WAITING
from knowledge.parties import parties_of
from knowledge.store import aware
from knowledge.tables import notification

SCREEN = "screen"


class Shown(NamedTuple):
    """A notification on the screen. `at`: when it was, or will be, due; `sent`: a worker has settled it."""

    owed: Owed
    at: datetime
    sent: bool


class For(NamedTuple):
    """Whose notifications are read: those to one of these addresses, or those of these kinds to anybody."""

    addresses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def shown(connection: Connection, whose: For, until: datetime | None, limit: int) -> list[Shown]:
    """Notifications on the screen, newest first; `until`: only those due by then, None for those to come as well."""
    n = notification.c
    query = (
        sa.select(notification)
        .where(*_which(connection, whose, until))
        .order_by(n.due_at.desc(), n.made_at.desc(), n.id)
        .limit(limit)
    )
    rows = {row.id: row for row in connection.execute(query)}
    owed = {one.id: one for one in owed_of(connection, list(rows.values()))}
    return [Shown(owed[id], aware(row.due_at), row.state == SENT) for id, row in rows.items()]


def count_since(connection: Connection, whose: For, until: datetime | None, since: datetime | None) -> int:
    """How many there are that were not there at a moment: made since, or come due since where only those due count."""
    n = notification.c
    fresh = [] if since is None else [(n.made_at if until is None else n.due_at) > since]
    query = sa.select(sa.func.count()).where(*_which(connection, whose, until), *fresh)
    return int(connection.execute(query).scalar_one())


def _which(connection: Connection, whose: For, until: datetime | None) -> list[sa.ColumnElement[Any]]:
    n = notification.c
    wanted: list[sa.ColumnElement[Any]] = [n.channel == SCREEN, n.state.in_([SENT, WAITING])]
    wanted.append(n.kind.in_(whose.kinds) if whose.kinds else n.recipient.in_(_numbers(connection, whose.addresses)))
    return wanted if until is None else [*wanted, n.due_at <= until]


def _numbers(connection: Connection, addresses: Collection[str]) -> set[int]:
    return parties_of(connection, addresses)
