"""Owing people the reminder that an intention closes in two weeks: who was told of it, and who wants it now."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owing import GATHERING, WAITING
from knowledge.subscriptions.closing import closing_soon
from knowledge.subscriptions.filing import places_for
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.nouns import Criteria, State, Verdict, fits
from knowledge.subscriptions.pace import HOUR, due
from knowledge.subscriptions.subject import Subject, subject_of
from knowledge.tables import (
    intention,
    intention_kind,
    notification,
    subscription,
    subscription_filed,
    subscription_match,
)
from knowledge.timeline.gathering import parts
from knowledge.timeline.nouns import Terms
from knowledge.timeline.references import also_called
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
    for one in sorted(entitled, key=lambda one: _when(one.every, day, now), reverse=True):
        owed[one.recipient, one.channel] = one  # of several, the one that is to hear soonest stays
    return _insert(connection, notification, [_notification(one, row, day, now) for one in owed.values()])


def _entitled(connection: Connection, row: Any, now: datetime) -> list[Entitled]:
    subject = _subject(connection, row, day_of(now))
    told = _told(connection, row.id)

    @cache
    def compared(criteria: str) -> tuple[Verdict, ...]:
        return judge(Criteria.model_validate_json(criteria), subject)

    found = []
    for one in _candidates(connection, told, subject):
        why = compared(one.criteria)
        if one.id in told or fits(why):
            found.append(Entitled(one.id, one.recipient, one.channel, one.every, why))
    return found


def _subject(connection: Connection, row: Any, today: date) -> Subject:
    kinds = sa.select(intention_kind.c.kind, intention_kind.c.share).where(intention_kind.c.intention == row.id)
    services = {row.kind: row.share for row in connection.execute(kinds)}
    also = also_called(connection, [row.id]).get(row.id, ())
    return subject_of(row.reference, Terms.model_validate(row.shown), services, row.districts, row.words, today, also)


def _told(connection: Connection, id: int) -> set[int]:
    """The subscriptions that were told of an intention before, or of one that has turned out to be the same."""
    match, same = subscription_match.c, sa.select(intention.c.id).where(intention.c.joined_to == id)
    of_it = sa.or_(match.intention == id, match.intention.in_(same))
    return set(connection.execute(sa.select(match.subscription).where(of_it).distinct()).scalars())


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


def _when(every: str, closes: date, now: datetime) -> datetime:
    """When somebody is reminded: in their next round-up, and where that would be too late, now."""
    then = due(every, now)
    return then if then < datetime.combine(closes, HOUR, LONDON) else now


def _match(one: Entitled, row: Any, now: datetime) -> dict[str, Any]:
    return {
        "intention": row.id, "version": row.shown_version, "subscription": one.id, "kind": KIND,
        "why": [verdict._asdict() for verdict in one.why], "at": now,
    }  # fmt: skip


def _notification(one: Entitled, row: Any, closes: date, now: datetime) -> dict[str, Any]:
    when, day = _when(one.every, closes, now), closes.isoformat()
    return {
        "id": secrets.token_hex(16), "kind": KIND, "subject": f"closing:{row.id}:{day}", "recipient": one.recipient,
        "channel": one.channel, "about": {"intention": row.id, "version": row.shown_version, "closes": day},
        "urgent": False, "state": GATHERING if when > now else WAITING, "problem": "", "made_at": now, "due_at": when,
        "lease_until": now, "worker": "", "attempts": 0, "place": {},
    }  # fmt: skip


def _insert(connection: Connection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> int:
    """Adds rows that are not there yet. Returns how many were given."""
    from sqlalchemy.dialects import postgresql, sqlite

    given = list(rows)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    if given:
        connection.execute(insert(table).on_conflict_do_nothing(), given)
    return len(given)
