"""Which subscriptions a version touches, and why: decided once for all that want the same, written down for each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.subscriptions.filing import places_for
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.nouns import Criteria, State, Verdict, fits
from knowledge.subscriptions.spreading import among, insert, listed, spread
from knowledge.subscriptions.subject import Subject
from knowledge.tables import intention, subscription, subscription_filed, subscription_match
from knowledge.workdays import LONDON, day_of

NEW, CHANGED, CLOSING = "new", "changed", "closing"
"""Why somebody is told: it is what they want; they were told of it before; it closes soon."""
_AT_ONCE = 10_000


class News(NamedTuple):
    """A version that everybody can read from now on. `intention`: its number; `before`: the version that everybody
    could read until now, None for none; `said_at`: when whoever said it published it."""

    intention: int
    version: int
    before: int | None
    said_at: datetime
    subject: Subject

    def called(self, also: tuple[str, ...]) -> News:
        """The same, with the references of what has turned out to be the same."""
        return self._replace(subject=self.subject._replace(also=also))


def match(connection: Connection, news: News, now: datetime, *, first: bool) -> int:
    """Writes down every active subscription that a version touches: those that were told of the intention before,
    whatever it says now, and while it is live those that want it. `first`: nobody can have been told of it before.
    Returns how many."""
    told = told_of(news.intention, before=news.version)
    found = 0 if first else _write(connection, news, CHANGED, subscription.c.id.in_(told), now)
    if news.subject.live:
        wanted = [_looking(connection, news.subject), counted_by(news.said_at)]
        wanted += [] if first else [subscription.c.id.not_in(told)]
        found += _write(connection, news, NEW, sa.and_(*wanted), now)
    return found


def never_told(connection: Connection, given: Sequence[News]) -> set[int]:
    """Those intentions of which nobody can have been told before: nothing of them was public, and nothing that has
    turned out to be the same."""
    fresh = {one.intention for one in given if one.before is None}
    joined = sa.select(intention.c.joined_to).where(intention.c.joined_to.in_(fresh))
    return fresh - set(connection.execute(joined).scalars())


def counted_by(said_at: datetime) -> Any:
    """Subscriptions that counted on the day something was said: nobody is told anew of what is older."""
    day = day_of(said_at) + timedelta(days=1)
    return subscription.c.since < datetime.combine(day, time(), LONDON).astimezone(UTC)


def told_of(id: int, *, before: int | None = None) -> Any:
    """The subscriptions that were told of an intention, or of one that has turned out to be the same, as a query.
    `before`: of a version before this one; None: of any."""
    match = subscription_match.c
    same = sa.select(intention.c.id).where(intention.c.joined_to == id)
    of_this = sa.and_(match.intention == id, *([] if before is None else [match.version < before]))
    return sa.select(match.subscription).where(sa.or_(of_this, match.intention.in_(same)))


def _looking(connection: Connection, subject: Subject) -> Any:
    filed = subscription_filed
    return subscription.c.id.in_(
        sa.select(filed.c.subscription).where(filed.c.under.in_(among(connection, places_for(subject))))
    )


def _write(connection: Connection, news: News, kind: str, which: Any, now: datetime) -> int:
    """What all want who may be touched is read in one statement: a subscription that is changed at this moment is told
    by what it was or by what it is, and never falls between the two."""
    text = sa.cast(subscription.c.criteria, sa.Text)
    query = sa.select(text.label("criteria"), listed(connection, subscription.c.id).label("ids")).group_by(text)
    groups: list[tuple[str, str]] = []
    for row in connection.execute(query.where(subscription.c.state == State.ACTIVE.value, which)):
        verdicts = judge(_read(row.criteria), news.subject)
        if kind == CHANGED or fits(verdicts):
            groups.append((as_json(verdicts), row.ids))
    return sum(
        _insert(connection, news, kind, groups[at : at + _AT_ONCE], now) for at in range(0, len(groups), _AT_ONCE)
    )


def _insert(connection: Connection, news: News, kind: str, groups: list[tuple[str, str]], now: datetime) -> int:
    table = subscription_match
    number, why = spread(connection, groups)
    values = {
        "intention": sa.literal(news.intention), "version": sa.literal(news.version), "subscription": number,
        "kind": sa.literal(kind), "why": why, "at": sa.literal(now, table.c.at.type),
    }  # fmt: skip
    written = insert(connection, table, values, sa.true()).execution_options(preserve_rowcount=True)
    return int(connection.execute(written).rowcount)


def as_json(verdicts: tuple[Verdict, ...]) -> str:
    """A comparison as it is written down: a list of its verdicts."""
    return json.dumps([one._asdict() for one in verdicts])


@lru_cache(maxsize=20_000)
def _read(criteria: str) -> Criteria:
    return Criteria.model_validate_json(criteria)
