"""Closes in two weeks: once for an intention and closing day, to those who were told of it and those who want it now.

A reminder goes out at the hour of round-ups, fourteen days before the day. Where the version that told of this closing
day became public less than two days before that moment, or after it, there is none: people have only just read it.
Only a day counts: what closes "in March" has no closing day yet.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.facts import fact, set_fact
from knowledge.store import aware
from knowledge.subscriptions.pace import HOUR
from knowledge.tables import intention
from knowledge.timeline.history import versions_of
from knowledge.timeline.nouns import State, Terms
from knowledge.workdays import LONDON, day_of

AHEAD, FRESH = timedelta(days=14), timedelta(days=2)
OVER = (State.AWARDED.value, State.WITHDRAWN.value, State.CLOSED.value)
"""States in which nothing closes any more."""
_FACT = "closings"
"""The value of the record that says which closing days have been seen to: a number and a day each."""


def due(day: date) -> datetime:
    """When the reminder of a closing day goes out."""
    return datetime.combine(day - AHEAD, HOUR, LONDON)


def closing_soon(connection: Connection, now: datetime) -> list[tuple[int, date]]:
    """The council's public intentions whose reminder is due, and that have not been seen to, with their closing days.
    Takes note of all of them, so that none is given again."""
    table, today = intention, day_of(now)
    query = sa.select(table.c.id, table.c.closes, table.c.shown).where(
        table.c.own.is_(True), table.c.shown_at.is_not(None), table.c.joined_to.is_(None),
        table.c.closes >= today, table.c.closes <= today + AHEAD, table.c.state.not_in(OVER),
    )  # fmt: skip
    seen = _seen(connection)
    rows = [row for row in connection.execute(query.order_by(table.c.id)) if seen.get(row.id) != row.closes]
    found = [row for row in rows if due(row.closes) <= now]
    if found:
        _note(connection, {**seen, **{row.id: row.closes for row in found}}, today)
    return [(row.id, row.closes) for row in found if says_a_day(row.shown) and not _just_told(connection, row)]


def closes_still(connection: Connection, id: int, day: date, today: date) -> bool:
    """Whether an intention still closes on a day that has not passed, as everybody may read it."""
    table = intention
    row = connection.execute(sa.select(table.c.closes, table.c.state, table.c.shown_at).where(table.c.id == id)).first()
    return bool(row and row.shown_at and row.closes == day >= today and row.state not in OVER)


def says_a_day(shown: Mapping[str, Any]) -> bool:
    """Whether an intention, as everybody may read it, says the day on which it closes, and not a month."""
    closes = Terms.model_validate(shown).closes
    return closes is not None and closes.is_day


def _just_told(connection: Connection, row: Any) -> bool:
    """Whether the closing day has become public so late that it need not be said again."""
    told = versions_of(connection, row.id, released=True)
    first = next((one for one in told if any(change.field == "closes" for change in one.changes)), told[-1])
    return aware(first.released_at or first.at) > due(row.closes) - FRESH


def _seen(connection: Connection) -> dict[int, date]:
    held: dict[str, str] = json.loads(fact(connection, _FACT) or "{}")
    return {int(id): date.fromisoformat(day) for id, day in held.items()}


def _note(connection: Connection, seen: Mapping[int, date], today: date) -> None:
    """Writes down what has been seen to, and forgets what has passed."""
    kept = {str(id): day.isoformat() for id, day in sorted(seen.items()) if day >= today}
    set_fact(connection, _FACT, json.dumps(kept))
