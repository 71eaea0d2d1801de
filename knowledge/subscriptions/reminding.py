"""Owing people the reminder that an intention closes in two weeks: who was told of it, and who wants it now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owing import GATHERING, WAITING, row_of
from knowledge.store import insert_new
from knowledge.subscriptions.closing import closing_soon
from knowledge.subscriptions.closing import due as closing_due
from knowledge.subscriptions.explaining import subject_in_record
from knowledge.subscriptions.filing import places_for
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.matching import told_of
from knowledge.subscriptions.nouns import Criteria, State, Verdict, fits
from knowledge.subscriptions.pace import AT_ONCE, HOUR, due
from knowledge.subscriptions.subject import Subject
from knowledge.tables import (
    intention,
    notification,
    subscription,
    subscription_filed,
    subscription_match,
)
from knowledge.timeline.gathering import parts
from knowledge.workdays import LONDON, day_of

KIND = "closing"


class Entitled(NamedTuple):
    """A subscription that is reminded. `why`: how what it asks for compares with the intention."""

    id: int
    recipient: int
    channel: str
    every: str
    why: tuple[Verdict, ...]


def tell_closing(connection: Connection, now: datetime) -> int:
    """Owes the reminders that are due. Returns how many."""
    return sum(_tell(connection, id, day, now) for id, day in closing_soon(connection, now))


def _tell(connection: Connection, id: int, day: date, now: datetime) -> int:
    row = connection.execute(sa.select(intention).where(intention.c.id == id)).one()
    entitled = _entitled(connection, row, now)
    _insert(connection, subscription_match, [_match(one, row, now) for one in entitled])
    owed = {}
    for one in sorted(entitled, key=lambda one: _when(one.every, day, now)[0], reverse=True):
        owed[one.recipient, one.channel] = one  # of several, the one that is to hear soonest stays
    return _insert(connection, notification, [_notification(one, row, day, now) for one in owed.values()])


def _entitled(connection: Connection, row: Any, now: datetime) -> list[Entitled]:
    subject = subject_in_record(connection, row, now)
    told = set(connection.execute(told_of(row.id)).scalars())

    @cache
    def compared(criteria: str) -> tuple[Verdict, ...]:
        return judge(Criteria.model_validate_json(criteria), subject)

    found = []
    for one in _candidates(connection, told, subject):
        why = compared(one.criteria)
        if one.id in told or fits(why):
            found.append(Entitled(one.id, one.recipient, one.channel, one.every, why))
    return found


def _candidates(connection: Connection, told: set[int], subject: Subject) -> list[Any]:
    """Active subscriptions that may want it, by number."""
    s, filed = subscription.c, subscription_filed.c
    query = sa.select(s.id, s.recipient, s.channel, s.every, sa.cast(s.criteria, sa.Text).label("criteria"))
    query = query.where(s.state == State.ACTIVE.value)
    found: dict[int, Any] = {}
    for some in parts(sorted(told)):
        found.update({row.id: row for row in connection.execute(query.where(s.id.in_(some)))})
    for places in parts(sorted(places_for(subject))):
        under = sa.select(filed.subscription).where(filed.under.in_(places))
        found.update({row.id: row for row in connection.execute(query.where(s.id.in_(under)))})
    return [found[id] for id in sorted(found)]


def _when(every: str, closes: date, now: datetime) -> tuple[datetime, bool]:
    """When somebody is reminded, and whether in a round-up: in their next one, that of this hour included, for which
    reminders are due as well; now, where that would be too late."""
    mark = closing_due(closes).astimezone(UTC)
    then = due(every, mark - timedelta(seconds=1) if day_of(mark) == day_of(now) else now)
    in_time = every != AT_ONCE and then < datetime.combine(closes, HOUR, LONDON)
    return (then, True) if in_time else (now, False)


def _match(one: Entitled, row: Any, now: datetime) -> dict[str, Any]:
    return {
        "intention": row.id, "version": row.shown_version, "subscription": one.id, "kind": KIND,
        "why": [verdict._asdict() for verdict in one.why], "at": now,
    }  # fmt: skip


def _notification(one: Entitled, row: Any, closes: date, now: datetime) -> dict[str, Any]:
    (when, gathers), day = _when(one.every, closes, now), closes.isoformat()
    return row_of(
        now, kind=KIND, subject=f"closing:{row.id}:{day}", recipient=one.recipient, channel=one.channel, due_at=when,
        about={"intention": row.id, "version": row.shown_version, "closes": day},
        state=GATHERING if gathers else WAITING,
    )  # fmt: skip


def _insert(connection: Connection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> int:
    """Adds rows that are not there yet. Returns how many were given."""
    given = list(rows)
    if given:
        connection.execute(insert_new(connection, table), given)
    return len(given)
