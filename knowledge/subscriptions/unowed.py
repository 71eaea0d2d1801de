"""Matches whose recipients are owed nothing. There should be none: both are written in one transaction."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.tables import intention, intention_version, notification, subscription, subscription_match

_n, _match = notification.c, subscription_match.c


def unowed(connection: Connection, since: datetime) -> int:
    """How many: each recipient of a version that became public since then, and of a reminder made since then."""
    return _missing(connection, *_of_versions(since)) + _missing(connection, *_of_closings(since))


def _missing(connection: Connection, matches: Any, owed: sa.ColumnElement[bool]) -> int:
    """Recipients of these matches, on a channel, whom no such notification is for."""
    there = sa.exists().where(_n.recipient == subscription.c.recipient, _n.channel == subscription.c.channel, owed)
    recipients = (_match.intention, _match.version, subscription.c.recipient, subscription.c.channel)
    query = sa.select(*recipients).distinct().select_from(matches).where(sa.not_(there)).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(query)).scalar_one())


def _of_versions(since: datetime) -> tuple[Any, sa.ColumnElement[bool]]:
    """By the versions that became public of late: there is no need to go through all matches there ever were."""
    version = intention_version.c
    of_it = sa.and_(
        version.intention == _match.intention, version.number == _match.version, _match.kind != "closing",
        version.released_at > since,
    )  # fmt: skip
    matches = intention_version.join(subscription_match, of_it).join(subscription, _its_own())
    subject = _joined("intention:", _match.intention, ":", _match.version)
    return matches, sa.and_(_n.kind == "intention", _n.subject == subject)


def _of_closings(since: datetime) -> tuple[Any, sa.ColumnElement[bool]]:
    """By the intentions that have a closing day: they are few."""
    of_it = sa.and_(
        intention.c.id == _match.intention, intention.c.closes.is_not(None), _match.kind == "closing",
        _match.at > since,
    )  # fmt: skip
    matches = intention.join(subscription_match, of_it).join(subscription, _its_own())
    return matches, sa.and_(_n.kind == "closing", _n.subject.like(_joined("closing:", _match.intention, ":%")))


def _its_own() -> sa.ColumnElement[bool]:
    return subscription.c.id == _match.subscription


def _joined(*parts: Any) -> Any:
    """Words and numbers in a row, as the database puts them together."""
    said: list[Any] = [sa.literal(one) if isinstance(one, str) else sa.cast(one, sa.String) for one in parts]
    return reduce(add, said)
