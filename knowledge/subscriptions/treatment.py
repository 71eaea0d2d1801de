"""Equal treatment: of each public version of an intention, who was entitled to hear, and when each of them did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.store import aware
from knowledge.subscriptions.announcing import INTENTION, subject_of_notification
from knowledge.subscriptions.delivery import Delivery, deliveries
from knowledge.subscriptions.matching import CLOSING
from knowledge.subscriptions.nouns import reference_of
from knowledge.tables import intention, intention_version, notification, subscription, subscription_match
from knowledge.timeline.references import go_by


class Entitled(NamedTuple):
    """A subscription that was to hear of a version. `kind`: new or changed; `every`: how often its owner chose to hear;
    `delivery`: what became of it, None where nothing is owed: that is a fault."""

    subscription: str
    kind: str
    channel: str
    every: str
    delivery: Delivery | None


class Release(NamedTuple):
    """A version, and who was to hear of it. `reference`: what it is a version of, which may have turned out to be the
    same as another since; `released_at`: when the public page showed it."""

    reference: str
    version: int
    kind: str
    said_at: datetime
    released_at: datetime
    entitled: tuple[Entitled, ...]

    @property
    def sent(self) -> list[datetime]:
        """When it was sent, the first first; once for a notification that several subscriptions brought."""
        there = {(one.recipient, one.channel): one.sent_at for one in self._owed}
        return sorted(at for at in there.values() if at)

    @property
    def states(self) -> Counter[str]:
        """How many notifications stand how."""
        return Counter({(one.recipient, one.channel): one.state for one in self._owed}.values())

    @property
    def same_words(self) -> bool | None:
        """Whether all were told in the same words; None where nobody has been told by itself yet."""
        sums = {one.words for one in self._owed if one.words}
        return len(sums) == 1 if sums else None

    @property
    def unowed(self) -> int:
        """Those who are entitled and owed nothing."""
        return sum(one.delivery is None for one in self.entitled)

    @property
    def early(self) -> int:
        """Those who were told before the public page showed it."""
        return sum(at < self.released_at for at in self.sent)

    @property
    def _owed(self) -> list[Delivery]:
        return [one.delivery for one in self.entitled if one.delivery]


class Treatment(NamedTuple):
    """The releases of an intention, the newest first, and after them those of what has turned out to be the same. No
    addresses."""

    reference: str
    title: str
    releases: tuple[Release, ...]


def treatment(connection: Connection, reference: str) -> Treatment | None:
    """How everybody was treated who was entitled to hear of an intention, whatever the case of its reference. None
    where there is no such intention."""
    row = connection.execute(sa.select(intention).where(go_by([reference.strip()]))).first()
    if row and row.joined_to:
        row = connection.execute(sa.select(intention).where(intention.c.id == row.joined_to)).first()
    if row is None:
        return None
    same = connection.execute(sa.select(intention).where(intention.c.joined_to == row.id).order_by(intention.c.id))
    releases = (one for of in (row, *same.all()) for one in _releases(connection, of.id, of.reference))
    return Treatment(row.reference, row.title, tuple(releases))


def _releases(connection: Connection, id: int, reference: str) -> list[Release]:
    table = intention_version
    public = sa.and_(table.c.intention == id, table.c.released_at.is_not(None))
    versions = connection.execute(sa.select(table).where(public).order_by(table.c.number.desc())).all()
    return [_release(connection, id, reference, one) for one in versions]


def _release(connection: Connection, id: int, reference: str, version: Any) -> Release:
    subject = subject_of_notification(id, version.number)
    owed = deliveries(connection, sa.and_(notification.c.subject == subject, notification.c.kind == INTENTION))
    found = {(one.recipient, one.channel): one for one in owed}
    entitled = tuple(
        Entitled(reference_of(row.id), row.kind, row.channel, row.every, found.get((row.recipient, row.channel)))
        for row in _matched(connection, id, version.number)
    )
    return Release(
        reference, version.number, version.kind, aware(version.said_at), aware(version.released_at), entitled
    )  # fmt: skip


def _matched(connection: Connection, id: int, version: int) -> Sequence[Any]:
    """Subscriptions touched by a version, the oldest first."""
    table, columns = subscription_match, subscription.c
    query = (
        sa.select(table.c.kind, columns.id, columns.recipient, columns.channel, columns.every)
        .join(subscription, columns.id == table.c.subscription)
        .where(table.c.intention == id, table.c.version == version, table.c.kind != CLOSING)
        .order_by(columns.id)
    )
    return connection.execute(query).all()
