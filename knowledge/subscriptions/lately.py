"""What subscriptions brought lately, and what passed by one that was paused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.store import aware
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.nouns import Subscription, fits
from knowledge.subscriptions.subject import subject_of
from knowledge.tables import intention, intention_kind, subscription_match
from knowledge.timeline.nouns import Terms
from knowledge.timeline.selecting import Shown, shown_of


class Brought(NamedTuple):
    """An intention that a subscription brought. `at`: when it last did."""

    reference: str
    title: str
    at: datetime


def brought_since(connection: Connection, ids: Sequence[int], since: datetime) -> dict[int, list[Brought]]:
    """The intentions that subscriptions brought since a moment, by subscription, each once, the newest first."""
    match = subscription_match
    last = sa.func.max(match.c.at).label("last")
    query = (
        sa.select(match.c.subscription, intention.c.reference, intention.c.title, last)
        .join(intention, intention.c.id == match.c.intention)
        .where(match.c.subscription.in_(list(ids)), match.c.at >= since, intention.c.shown_at.is_not(None))
        .group_by(match.c.subscription, intention.c.reference, intention.c.title)
        .order_by(last.desc(), intention.c.reference)
    )
    found: dict[int, list[Brought]] = {}
    for row in connection.execute(query):
        found.setdefault(row.subscription, []).append(Brought(row.reference, row.title, aware(row.last)))
    return found


def passed_by(connection: Connection, one: Subscription, since: datetime, day: date) -> list[Shown]:
    """The council's intentions that were made public or changed since a moment, and would have been told: those that
    fit now, and those that were told before, the newest first."""
    told = set(
        connection.execute(
            sa.select(subscription_match.c.intention).where(subscription_match.c.subscription == one.id)
        ).scalars()
    )
    query = sa.select(
        intention.c.id, intention.c.reference, intention.c.shown, intention.c.districts, intention.c.words
    ).where(intention.c.own.is_(True), intention.c.shown_at > since, intention.c.joined_to.is_(None))
    rows = connection.execute(query.order_by(intention.c.shown_at.desc(), intention.c.id.desc())).all()
    shares = _shares(connection, [row.id for row in rows])
    fitting = [row.reference for row in rows if row.id in told or _fits(one, row, shares.get(row.id, {}), day)]
    return shown_of(connection, fitting)


def _fits(one: Subscription, row: Any, services: dict[str, float], day: date) -> bool:
    terms = Terms.model_validate(row.shown)
    subject = subject_of(row.reference, terms, services, row.districts, row.words, day)
    return subject.live and fits(judge(one.criteria, subject))


def _shares(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    for start in range(0, len(ids), 400):
        query = sa.select(intention_kind).where(intention_kind.c.intention.in_(ids[start : start + 400]))
        for row in connection.execute(query):
            found.setdefault(row.intention, {})[row.kind] = row.share
    return found
