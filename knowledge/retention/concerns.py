"""What was written in a concern is cleared: its texts, its files, where it was raised and told. How it stood, when, and
on which contract stays."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.audit import Deed, account
from knowledge.concerns.nouns import State
from knowledge.outbox.owing import STOPPED, WAITING


def clear_concerns(connection: Connection, before: datetime, now: datetime) -> int:
    """Clears those that were closed, or answered and not heard of again, before a moment. Returns how many."""
    numbers = old_concerns(connection, before)
    for number in numbers:
        account(connection, Deed.CLEARED, "concern", number, now, counts=clear_concern(connection, number, now))
    return len(numbers)


def old_concerns(connection: Connection, before: datetime) -> list[int]:
    """The concerns over since before a moment in which something is still written."""
    c, text, file = tables.concern.c, tables.personal_text, tables.attachment
    closed = sa.and_(c.state == State.CLOSED.value, c.closed_at < before)
    answered = sa.and_(c.state == State.ANSWERED.value, c.answered_at < before)
    written = sa.exists().where(text.c.concern == c.id, text.c.body != "")
    kept = sa.exists().where(file.c.concern == c.id)
    return list(connection.execute(sa.select(c.id).where(sa.or_(closed, answered), sa.or_(written, kept))).scalars())


def clear_concern(connection: Connection, number: int, now: datetime) -> dict[str, int]:
    """Clears one. The rows of its texts stay, empty, for requests name them. Returns how much it was, by kind."""
    text, file = tables.personal_text, tables.attachment
    written = sa.and_(text.c.concern == number, text.c.body != "")
    counts = {
        "texts": connection.execute(sa.update(text).where(written).values(body="")).rowcount,
        "files": connection.execute(sa.delete(file).where(file.c.concern == number)).rowcount,
        "notifications": _clear_notifications(connection, number, now),
    }
    c, event, follower = tables.concern, tables.concern_event, tables.follower
    values = {"origin": {}, "source": f"cleared:{number}"}
    connection.execute(sa.update(c).where(c.c.id == number).values(**values))
    connection.execute(sa.update(event).where(event.c.concern == number).values(source=None))
    connection.execute(sa.update(follower).where(follower.c.concern == number).values(origin={}))
    return counts


def _clear_notifications(connection: Connection, number: int, now: datetime) -> int:
    """What is owed about it and has not left stays so; of the rest it is forgotten where it stands."""
    n = tables.notification
    waits = sa.and_(n.c.concern == number, n.c.state == WAITING)
    connection.execute(sa.update(n).where(waits).values(state=STOPPED, settled_at=now))
    empty = {"about": {}, "place": {}, "problem": ""}
    return connection.execute(sa.update(n).where(n.c.concern == number).values(**empty)).rowcount
