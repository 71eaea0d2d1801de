"""What whoever reads at an address may do by a link in what was sent there: see, stop, and start again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import address_of, parties_of
from knowledge.subscriptions import record
from knowledge.subscriptions.confirming import make, use
from knowledge.subscriptions.nouns import State, Subscription
from knowledge.subscriptions.suppressing import why_suppressed
from knowledge.tables import subscription

LIVE = (State.ACTIVE, State.PAUSED)
_TAKEN_BACK = frozenset({"unsubscribed", "deleted"})
"""Ends that whoever reads there chose, and may undo."""


def sent_to(connection: Connection, party: int) -> list[Subscription]:
    """What is sent to somebody, or may be changed by them, and has not ended, the oldest first."""
    return [one for one in _named(connection, party) if one.state in LIVE]


def of_those(connection: Connection, party: int, numbers: Iterable[int]) -> list[Subscription]:
    """Those of these subscriptions that are somebody's, ended or not, the oldest first."""
    return _named(connection, party, sorted(set(numbers)))


def stop(connection: Connection, party: int, numbers: Iterable[int], now: datetime) -> list[Subscription]:
    """Ends these subscriptions of somebody's. Gives them as they stood before: what had ended, had ended."""
    found = of_those(connection, party, numbers)
    for one in found:
        record.end(connection, one.id, "unsubscribed", now)
    return found


def stop_all(connection: Connection, address: str, why: str, now: datetime) -> int:
    """Ends everything that is sent to an address, agreed to or not. `why`: see Subscription. Returns how many."""
    told = subscription.c.recipient.in_(parties_of(connection, [address]))
    query = sa.select(subscription.c.id).where(told, subscription.c.state != State.ENDED.value)
    return sum(record.end(connection, id, why, now) for id in connection.execute(query).scalars().all())


def startable(connection: Connection, party: int, numbers: Iterable[int]) -> list[Subscription]:
    """Those of these subscriptions that somebody ended and may take up: not what they have again already, nor what
    ended because nothing arrives there or somebody complained."""
    has = sent_to(connection, party)
    found: list[Subscription] = []
    for one in of_those(connection, party, numbers):
        chosen = one.state is State.ENDED and one.ended_why in _TAKEN_BACK and one.confirmed_at is not None
        fresh = not any(_alike(one, other) for other in (*has, *found))
        if chosen and fresh and one.sentence and why_suppressed(connection, one.recipient) is None:
            found.append(one)
    return found


def start_again(
    connection: Connection, party: int, numbers: Iterable[int], now: datetime, *, asked_from: str = ""
) -> list[Subscription]:
    """Makes new subscriptions like these, which somebody had ended, and agrees to them: the link by which they came
    went to the address, so that it confirms as well as another would."""
    made = []
    for old in startable(connection, party, numbers):
        id = record.propose(
            connection, now, recipient=old.recipient, owner=old.owner, channel=old.channel, sentence=old.sentence,
            criteria=old.criteria, every=old.every,
        )  # fmt: skip
        new = record.by_number(connection, id)
        assert new is not None  # noqa: S101 - it was written just now
        use(connection, make(connection, new, now, asked_from=asked_from), now)
        made.append(id)
    return record.numbered(connection, made)


def _alike(one: Subscription, other: Subscription) -> bool:
    return (one.recipient, one.channel, one.criteria) == (other.recipient, other.channel, other.criteria)


def _named(connection: Connection, party: int, numbers: list[int] | None = None) -> list[Subscription]:
    theirs = sa.or_(subscription.c.recipient == party, subscription.c.owner == party)
    query = sa.select(subscription.c.id).where(theirs)
    if numbers is not None:
        query = query.where(subscription.c.id.in_(numbers))
    return record.numbered(connection, connection.execute(query).scalars())


def is_known(connection: Connection, party: int) -> bool:
    """Whether a number still has an address behind it: one that is forgotten has none."""
    address = address_of(connection, party)
    return bool(address) and not address.startswith(FORGOTTEN)


FORGOTTEN = "forgotten:"
"""What the address of somebody who is forgotten begins with."""
