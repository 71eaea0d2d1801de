"""The concerns about a contract since a moment: how they stand, how many were late, how many reopened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.concerns import record
from knowledge.concerns.nouns import Concern, State


@dataclass(frozen=True)
class Since:
    """Concerns raised since a moment (None: ever), the newest first; the numbers of those that were answered late or
    are overdue, and of those that came back."""

    moment: datetime | None
    concerns: tuple[Concern, ...]
    late: frozenset[int]
    reopened: frozenset[int]


def since(connection: Connection, contract: str, moment: datetime | None, now: datetime) -> Since:
    """The concerns that stand with a contract (its key) now. Those moved to another are not among them."""
    c = tables.concern.c
    after = [c.raised_at >= moment] if moment else []
    found = record.concerns(connection, c.contract == contract, *after)
    late = frozenset(one.id for one in found if was_late(one, now))
    return Since(moment, tuple(found), late, _reopened(connection, contract, found))


def was_late(concern: Concern, now: datetime) -> bool:
    """Whether the Member was answered after the day that was promised, or is still waiting after it."""
    ended = concern.answered_at or concern.closed_at
    if ended is None and concern.waiting_since:  # the clock stands
        return concern.waiting_since > concern.answer_by
    return (ended or now) > concern.answer_by


def _reopened(connection: Connection, contract: str, found: Sequence[Concern]) -> frozenset[int]:
    """Those of them that stood as reopened at some time."""
    e, c = tables.concern_event.c, tables.concern.c
    query = (
        sa.select(e.concern)
        .join(tables.concern, e.concern == c.id)
        .where(c.contract == contract, e.state == State.REOPENED.value)
        .distinct()
    )
    came_back = set(connection.execute(query).scalars())
    return frozenset(one.id for one in found if one.id in came_back)
