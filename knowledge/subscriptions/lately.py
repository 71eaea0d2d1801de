"""What subscriptions brought lately, and what passed by one that was paused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owing import GATHERED, MOOT, SENT
from knowledge.store import aware
from knowledge.subscriptions.bringing import brought, told_in
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.nouns import Subscription, fits
from knowledge.subscriptions.subject import subject_of
from knowledge.tables import intention, intention_kind, notification, subscription, subscription_match
from knowledge.timeline.gathering import parts
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
    fit now, and those that were told before; and what was kept for a round-up then and told in none. The newest
    first."""
    told = set(
        connection.execute(
            sa.select(subscription_match.c.intention).where(subscription_match.c.subscription == one.id)
        ).scalars()
    )
    rows = _lately(connection, since, sorted(told & set(_dropped(connection, one, since))))
    shares = shares_of(connection, [row.id for row in rows])
    fitting = [row.reference for row in rows if row.id in told or fits_now(one, row, shares.get(row.id, {}), day)]
    return shown_of(connection, fitting)


def _lately(connection: Connection, since: datetime, more: Sequence[int]) -> list[Any]:
    """The council's intentions that became public since a moment, and these, the newest first."""
    table = intention.c
    query = sa.select(table.id, table.reference, table.shown, table.shown_at, table.districts, table.words)
    query = query.where(table.own.is_(True), table.shown_at.is_not(None), table.joined_to.is_(None))
    found = {row.id: row for row in connection.execute(query.where(table.shown_at > since))}
    for part in parts(more):
        found.update({row.id: row for row in connection.execute(query.where(table.id.in_(part)))})
    return sorted(found.values(), key=lambda row: (row.shown_at, row.id), reverse=True)


def _dropped(connection: Connection, one: Subscription, since: datetime) -> Iterator[int]:
    """The intentions owed to a subscription's recipient of which nothing was left to say since a moment; and those of
    round-ups that left without it, unless another subscription of theirs brought them."""
    n, left = notification.c, notification.alias("left")
    whom = sa.select(subscription.c.recipient).where(subscription.c.id == one.id).scalar_subquery()
    state, settled = sa.func.coalesce(left.c.state, n.state), sa.func.coalesce(left.c.settled_at, n.settled_at)
    query = (
        sa.select(n.about, n.recipient, state.label("state"))
        .select_from(notification.outerjoin(left, sa.and_(n.round_up != "", left.c.id == n.round_up)))
        .where(n.recipient == whom, n.channel == one.channel, n.kind == "intention", settled > since)
        .where(sa.or_(state == MOOT, sa.and_(state == SENT, n.state == GATHERED)))
    )
    rows = connection.execute(query).all()
    left_with = [told_in(row.about) for row in rows if row.state == SENT]
    others = brought(connection, rows[0].recipient, one.channel, left_with) if left_with else []
    told = {other.told for other in others if other.subscription.id != one.id}
    yield from (told_in(row.about).intention for row in rows if told_in(row.about) not in told or row.state == MOOT)


def fits_now(one: Subscription, row: Any, services: dict[str, float], day: date) -> bool:
    """Whether a row of intentions, as everybody may read it, is what a subscription asks for. `services`: its
    shares."""
    terms = Terms.model_validate(row.shown)
    subject = subject_of(row.reference, terms, services, row.districts, row.words, day)
    return subject.live and fits(judge(one.criteria, subject))


def shares_of(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, float]]:
    """How much of each service there is in intentions, by number and by key of the catalogue, 0 to 1."""
    found: dict[int, dict[str, float]] = {}
    for start in range(0, len(ids), 400):
        query = sa.select(intention_kind).where(intention_kind.c.intention.in_(ids[start : start + 400]))
        for row in connection.execute(query):
            found.setdefault(row.intention, {})[row.kind] = row.share
    return found
