"""What closes soon of what somebody has asked to hear of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.subscriptions.closing import OVER, says_a_day
from knowledge.subscriptions.lately import fits_now, shares_of
from knowledge.subscriptions.nouns import State, Subscription
from knowledge.tables import intention, subscription_match
from knowledge.workdays import day_of


class Closing(NamedTuple):
    """An intention that closes. `alerts`: the subscriptions it is for, by number."""

    reference: str
    title: str
    closes: date
    alerts: tuple[int, ...]


def closing_for(
    connection: Connection, found: Sequence[Subscription], now: datetime, ahead: timedelta
) -> list[Closing]:
    """The council's public intentions that close within so many days and that these subscriptions have brought or would
    bring now, the soonest first. One that is paused or not confirmed brings nothing."""
    active = [one for one in found if one.state is State.ACTIVE]
    rows = _closing(connection, now, ahead) if active else []
    told, shares = _told(connection, [one.id for one in active]), shares_of(connection, [row.id for row in rows])
    made = []
    for row in rows:
        mine = [
            one.id for one in active
            if (one.id, row.id) in told or fits_now(one, row, shares.get(row.id, {}), day_of(now))
        ]  # fmt: skip
        made += [Closing(row.reference, row.title, row.closes, tuple(mine))] if mine else []
    return made


def _closing(connection: Connection, now: datetime, ahead: timedelta) -> list[sa.Row]:  # type: ignore[type-arg]
    table, today = intention.c, day_of(now)
    query = sa.select(
        table.id, table.reference, table.title, table.closes, table.shown, table.districts, table.words
    ).where(
        table.own.is_(True), table.shown_at.is_not(None), table.joined_to.is_(None), table.closes >= today,
        table.closes <= today + ahead, table.state.not_in(OVER),
    )  # fmt: skip
    return [row for row in connection.execute(query.order_by(table.closes, table.id)) if says_a_day(row.shown)]


def _told(connection: Connection, ids: Sequence[int]) -> set[tuple[int, int]]:
    """Which subscription was told of which intention."""
    match = subscription_match.c
    query = sa.select(match.subscription, match.intention).where(match.subscription.in_(list(ids)))
    return {(row.subscription, row.intention) for row in connection.execute(query)}
