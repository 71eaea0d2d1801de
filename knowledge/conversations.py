"""Conversations: what was asked before in a thread, so that a follow-up keeps the subject."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.tables import turn


class Turn(NamedTuple):
    """One question and its reply, as it was given."""

    question: str
    reply: dict[str, Any]


def remember(connection: Connection, thread: str, at: datetime, question: str, reply: dict[str, Any]) -> None:
    """Writes down a turn."""
    connection.execute(sa.insert(turn).values(thread=thread, asked_at=at, question=question, reply=reply))


def recent(connection: Connection, thread: str, count: int) -> list[Turn]:
    """The last turns of a thread, oldest first."""
    rows = connection.execute(
        sa.select(turn.c.question, turn.c.reply).where(turn.c.thread == thread).order_by(turn.c.id.desc()).limit(count)
    )
    return [Turn(row.question, row.reply) for row in rows][::-1]


def forget(connection: Connection, thread: str) -> None:
    """Clears a thread."""
    connection.execute(sa.delete(turn).where(turn.c.thread == thread))
