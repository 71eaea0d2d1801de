"""What tests of telling are made of: people who subscribe, and what the record then owes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from timeline import NOW

from knowledge.store import Store
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.record import agree, propose
from knowledge.tables import notification, party, subscription_match

CHARITY = "hello@homecare-trust.example.org"
FIRM = "bids@marl-care.example.org"
HOME_CARE = Criteria(services=("home-care",))


def subscribe(
    store: Store, criteria: Criteria = HOME_CARE, recipient: str = CHARITY, *, every: str = "at once",
    channel: str = "email", at: datetime = NOW,
) -> int:  # fmt: skip
    """Somebody who has agreed to hear. Returns the subscription's number."""
    with store.writing() as connection:
        id = propose(
            connection, at, recipient=recipient, owner=recipient, channel=channel, sentence="tell me", every=every,
            criteria=criteria,
        )  # fmt: skip
        assert agree(connection, id, at)
    return id


def matches(store: Store) -> list[tuple[int, int, int, str]]:
    """Every match: the intention, its version, the subscription, the kind."""
    table = subscription_match.c
    with store.reading() as connection:
        rows = connection.execute(sa.select(table.intention, table.version, table.subscription, table.kind))
        return sorted(tuple(row) for row in rows)


def owed(store: Store) -> list[Any]:
    """Every notification of a version, with its recipient's address, by recipient and subject."""
    with store.reading() as connection:
        query = sa.select(notification, party.c.address).join(party, party.c.id == notification.c.recipient)
        rows = connection.execute(query.where(notification.c.kind == "intention"))
        return sorted(rows, key=lambda row: (row.address, row.channel, row.subject))


def told(store: Store) -> list[tuple[str, str]]:
    """Who is owed what: address and subject."""
    return [(row.address, row.subject) for row in owed(store)]


def settle(store: Store, at: datetime, words: str = "", *, only: str = "") -> None:
    """What a worker does: sends what waits, or what is owed to one address only."""
    with store.writing() as connection:
        of = sa.select(party.c.id).where(party.c.address == only) if only else sa.select(party.c.id)
        waiting = sa.and_(notification.c.state == "waiting", notification.c.recipient.in_(of))
        values = {"state": "sent", "settled_at": at, "place": {"words": words}, "attempts": 1}
        connection.execute(sa.update(notification).where(waiting).values(**values))
