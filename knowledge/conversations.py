"""Conversations: what was asked before in a thread, so that a follow-up keeps the subject."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import party_of
from knowledge.tables import turn


class Turn(NamedTuple):
    """One question and its reply, as it was given."""

    question: str
    reply: dict[str, Any]


def remember(
    connection: Connection, thread: str, at: datetime, question: str, reply: dict[str, Any], *, asker: str = ""
) -> None:
    """Writes down a turn. `asker`: an address, "" for a stranger."""
    whose = party_of(connection, asker) if asker else None
    row = {"thread": thread, "asked_at": at, "question": question, "reply": reply, "asker": whose}
    connection.execute(sa.insert(turn).values(**row))


def recent(connection: Connection, thread: str, count: int) -> list[Turn]:
    """The last turns of a thread, oldest first."""
    rows = connection.execute(
        sa.select(turn.c.question, turn.c.reply).where(turn.c.thread == thread).order_by(turn.c.id.desc()).limit(count)
    )
    return [Turn(row.question, row.reply) for row in rows][::-1]


def forget(connection: Connection, thread: str) -> None:
    """Clears a thread."""
    connection.execute(sa.delete(turn).where(turn.c.thread == thread))
