"""Telling: a version that everybody can read from now on is owed, in its own transaction, to everybody it touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owing import GATHERING, WAITING
from knowledge.subscriptions.matching import CHANGED, NEW, News, match, never_told
from knowledge.subscriptions.pace import due
from knowledge.subscriptions.spreading import insert, random_id
from knowledge.tables import notification, subscription, subscription_filed, subscription_match
from knowledge.timeline.references import also_called

INTENTION = "intention"
"""The kind of notification that tells of a version."""


@dataclass
class Told:
    """How many were told: subscriptions touched, notifications owed, and the people (their numbers)."""

    matches: int = 0
    notifications: int = 0
    people: set[int] = field(default_factory=set)

    def add(self, other: Told) -> None:
        """Counts what another piece of work told as well."""
        self.matches += other.matches
        self.notifications += other.notifications
        self.people |= other.people


def announce(connection: Connection, news: Iterable[News], now: datetime) -> dict[int, Told]:
    """Owes each of these versions to everybody it touches: a match for each subscription, a notification for each
    recipient and channel. Gives by the intention's number how many; none where nobody subscribes."""
    given = list(news)
    if not given or connection.execute(sa.select(subscription_filed.c.subscription).limit(1)).first() is None:
        return {}
    first, also = never_told(connection, given), also_called(connection, [one.intention for one in given])
    told = (one.called(also.get(one.intention, ())) for one in given)
    return {one.intention: _announce(connection, one, now, first=one.intention in first) for one in told}


def subject_of_notification(intention: int, version: int) -> str:
    """The fact a notification tells of, which owes it to a recipient on a channel once."""
    return f"intention:{intention}:{version}"


def _announce(connection: Connection, news: News, now: datetime, *, first: bool) -> Told:
    matches = match(connection, news, now, first=first)
    if not matches:
        return Told()
    people = _owe(connection, news, now)
    return Told(matches, len(people), set(people))


def _owe(connection: Connection, news: News, now: datetime) -> list[int]:
    """One notification for each recipient and channel of those that match; of several subscriptions of theirs, the one
    that is to hear soonest counts."""
    touched = sa.and_(
        subscription_match.c.intention == news.intention, subscription_match.c.version == news.version,
        subscription_match.c.kind.in_([NEW, CHANGED]), subscription.c.id == subscription_match.c.subscription,
    )  # fmt: skip
    paces = connection.execute(sa.select(subscription.c.every).distinct().where(touched)).scalars().all()
    by = (subscription.c.recipient, subscription.c.channel)
    rows = insert(connection, notification, _values(connection, news, paces, now), touched, by)
    return list(connection.execute(rows.returning(notification.c.recipient)).scalars())


def _values(connection: Connection, news: News, paces: Iterable[str], now: datetime) -> dict[str, Any]:
    columns = notification.c
    moment = sa.literal(now, columns.made_at.type)
    when = [(subscription.c.every == pace, sa.literal(due(pace, now), columns.due_at.type)) for pace in paces]
    soonest = sa.func.min(sa.case(*when, else_=moment))
    about = {"intention": news.intention, "version": news.version, "before": news.before}
    plain = {
        "kind": INTENTION, "subject": subject_of_notification(news.intention, news.version), "about": about,
        "urgent": False, "problem": "", "worker": "", "attempts": 0, "place": {},
    }  # fmt: skip
    return {
        **{name: sa.literal(value, columns[name].type) for name, value in plain.items()},
        "id": random_id(connection), "recipient": subscription.c.recipient, "channel": subscription.c.channel,
        "state": sa.case((soonest <= moment, WAITING), else_=GATHERING),
        "made_at": moment, "due_at": soonest, "lease_until": moment,
    }  # fmt: skip
