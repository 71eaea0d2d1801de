"""Confirmed opt-in: what somebody asked for at an e-mail address counts when the link sent there has been used.

A link works once, for a week, and only the newest for a subscription. How many are sent is limited by what the record
holds, and so for all processes together. Whoever asks learns nothing from it: neither whether the address is known, nor
suppressed, nor over the limit.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owing import owe
from knowledge.parties import parties_of, party_of
from knowledge.store import aware
from knowledge.subscriptions import record
from knowledge.subscriptions.limits import allowed, in_line, mailbox_of
from knowledge.subscriptions.nouns import Criteria, State, Subscription
from knowledge.tables import confirmation, subscription

VALID = timedelta(days=7)
"""How long a link works, and what is not agreed to is kept."""
KIND = "confirm"
"""The notification that brings the link; its `about` holds the subscription's number and the link."""


class Wanted(NamedTuple):
    """What somebody asks for. `channel`: email, or screen at a desk that has none."""

    address: str
    sentence: str
    criteria: Criteria
    every: str
    channel: str = "email"


def ask_for(connection: Connection, wanted: Wanted, now: datetime, *, asked_from: str = "") -> int | None:
    """Writes down what somebody asks for, and owes the address a link; asked again in the same words, a new link for
    the same. None where the address is suppressed or over a limit: nothing is kept then, and what is written is taken
    back, so that the time it takes tells nothing either."""
    with connection.begin_nested() as step:
        id = _same(connection, wanted) or record.propose(
            connection, now, recipient=wanted.address, owner=wanted.address, channel=wanted.channel,
            sentence=wanted.sentence, criteria=wanted.criteria, every=wanted.every,
        )  # fmt: skip
        if not ask(connection, id, now, asked_from=asked_from):
            step.rollback()
            return None
    return id


def ask(connection: Connection, id: int, now: datetime, *, asked_from: str = "") -> bool:
    """Owes the recipient of a subscription that is not agreed to a link that confirms it. `asked_from`: see
    `limits.origin_of`. False, and nothing owed, where the address is suppressed or over a limit."""
    found = record.by_number(connection, id)
    if found is None or found.state is not State.UNCONFIRMED:
        return False
    in_line(connection, mailbox_of(found.recipient), asked_from)
    may = allowed(connection, found.recipient, asked_from, now)
    with connection.begin_nested() as step:
        link = make(connection, found, now, asked_from=asked_from)
        owe(
            connection, now, kind=KIND, subject=f"confirmation:{_id_of(link)[:32]}", recipient=found.recipient,
            channel=found.channel, about={"subscription": id, "link": link},
        )  # fmt: skip
        if not may:
            step.rollback()
    return may


def make(connection: Connection, found: Subscription, now: datetime, *, asked_from: str = "") -> str:
    """A new link for a subscription, which nobody is sent: gives what it holds. Older ones work no more."""
    link = secrets.token_urlsafe(24)
    older = sa.and_(confirmation.c.subscription == found.id, confirmation.c.used_at.is_(None))
    connection.execute(sa.update(confirmation).where(older).values(expires_at=confirmation.c.made_at))
    row = {
        "id": _id_of(link), "subscription": found.id, "party": party_of(connection, found.recipient),
        "asked_from": asked_from, "made_at": now, "expires_at": now + VALID, "used_at": None,
    }  # fmt: skip
    connection.execute(sa.insert(confirmation).values(**row))
    return link


def works(connection: Connection, link: str, now: datetime) -> int | None:
    """The subscription a link would confirm now, None for none. Changes nothing."""
    query = sa.select(confirmation.c.subscription).join(subscription, subscription.c.id == confirmation.c.subscription)
    waits = subscription.c.state == State.UNCONFIRMED.value
    return connection.execute(query.where(_good(link, now), waits)).scalar()


def use(connection: Connection, link: str, now: datetime) -> int | None:
    """Uses a link up: the subscription it has confirmed, None where it is used, expired, overtaken or unknown. Of
    several at once one has it: the row is changed and read in one statement."""
    used = sa.update(confirmation).where(_good(link, now)).values(used_at=now).returning(confirmation.c.subscription)
    id = connection.execute(used).scalar()
    return id if id is not None and record.agree(connection, id, now) else None


def used_for(connection: Connection, link: str) -> int | None:
    """The subscription a link has confirmed before, None where it has not: for whoever presses twice."""
    query = sa.select(confirmation.c.subscription)
    return connection.execute(
        query.where(confirmation.c.id == _id_of(link), confirmation.c.used_at.is_not(None))
    ).scalar()


class Evidence(NamedTuple):
    """That somebody agreed: when they asked, from where (a hash), when they confirmed, to which words."""

    asked_at: datetime
    asked_from: str
    confirmed_at: datetime
    wording: str


def evidence(connection: Connection, id: int) -> Evidence | None:
    """That a subscription was agreed to by a link, None where it was not."""
    query = (
        sa.select(confirmation.c.made_at, confirmation.c.asked_from, confirmation.c.used_at, subscription.c.wording)
        .join(subscription, subscription.c.id == confirmation.c.subscription)
        .where(confirmation.c.subscription == id, confirmation.c.used_at.is_not(None))
    )
    row = connection.execute(query).first()
    return Evidence(aware(row[0]), row[1], aware(row[2]), row[3]) if row else None


def _same(connection: Connection, wanted: Wanted) -> int | None:
    """What the same address asked for before in the same way, and has not agreed to."""
    known = parties_of(connection, [wanted.address])
    query = sa.select(subscription).where(
        subscription.c.owner.in_(known), subscription.c.recipient.in_(known),
        subscription.c.state == State.UNCONFIRMED.value, subscription.c.channel == wanted.channel,
        subscription.c.every == wanted.every,
    )  # fmt: skip
    rows: list[Any] = list(connection.execute(query.order_by(subscription.c.id)))
    return next((row.id for row in rows if Criteria.model_validate(row.criteria) == wanted.criteria), None)


def _good(link: str, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(confirmation.c.id == _id_of(link), confirmation.c.used_at.is_(None), confirmation.c.expires_at > now)


def _id_of(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()
