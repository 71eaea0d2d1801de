"""How often confirmations are asked for: limits that the record holds, and so all processes together."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import normal, party_of
from knowledge.subscriptions.nouns import State
from knowledge.subscriptions.suppressing import why_suppressed
from knowledge.tables import confirmation, party, subscription

MOST_AN_ADDRESS, DAY = 3, timedelta(days=1)
"""Links an address is sent in a day."""
MOST_AN_ORIGIN, HOUR = 10, timedelta(hours=1)
"""Links that are asked for from one network address in an hour."""
MOST_SUBSCRIPTIONS = 50
"""Subscriptions of an e-mail address: the link that ends those of a letter must fit into its headers."""


def origin_of(secret: str, network_address: str) -> str:
    """A network address as it is kept: its keyed hash, "" for none. See `network_of`."""
    whole = network_of(network_address)
    if not whole:
        return ""
    return hmac.new(secret.encode(), f"commissioning desk: origin {whole}".encode(), hashlib.sha256).hexdigest()


def network_of(network_address: str) -> str:
    """What counts of a network address, "" for none. Of IPv6 that is the network, since whoever has one address has all
    of it; an IPv4 address that is written as IPv6 is itself."""
    try:
        address = ip_address(network_address.strip())
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped
        return str(within) if within else str(ip_network((address, 64), strict=False))
    return str(address)


def allowed(connection: Connection, address: str, asked_from: str, now: datetime) -> bool:
    """Whether an address may be sent a link, asked for from an origin ("" for none). Every question is asked whatever
    the others say: the time it takes must not tell."""
    number = party_of(connection, address)
    answers = (
        _made(connection, confirmation.c.party.in_(_same_mailbox(address)), now - DAY) < MOST_AN_ADDRESS,
        _made(connection, confirmation.c.asked_from == asked_from, now - HOUR) < MOST_AN_ORIGIN or not asked_from,
        why_suppressed(connection, address) is None,
        _held(connection, number) < MOST_SUBSCRIPTIONS,
    )
    return all(answers)


def mailbox_of(address: str) -> str:
    """An address as far as it says who reads there: without what stands behind a plus."""
    name, _, domain = normal(address).rpartition("@")
    return f"{name[:1]}{name[1:].partition('+')[0]}@{domain}"


def _same_mailbox(address: str) -> sa.Select[int]:
    mailbox = mailbox_of(address)
    name, _, domain = mailbox.rpartition("@")
    tagged = sa.and_(party.c.address.startswith(f"{name}+", autoescape=True),
                     party.c.address.endswith(f"@{domain}", autoescape=True))  # fmt: skip
    return sa.select(party.c.id).where(sa.or_(party.c.address == mailbox, tagged))


def _made(connection: Connection, whose: sa.ColumnElement[bool], since: datetime) -> int:
    count = sa.select(sa.func.count()).select_from(confirmation).where(whose, confirmation.c.made_at > since)
    return int(connection.execute(count).scalar_one())


def _held(connection: Connection, number: int) -> int:
    held = sa.and_(subscription.c.owner == number, subscription.c.state.in_([State.ACTIVE.value, State.PAUSED.value]))
    return int(connection.execute(sa.select(sa.func.count()).select_from(subscription).where(held)).scalar_one())


def in_line(connection: Connection, *names: str) -> None:
    """Lets one at a time count and add, for the same address or origin. SQLite has one writer anyway."""
    if connection.dialect.name != "postgresql":
        return
    for name in sorted(filter(None, names)):
        number = int.from_bytes(hashlib.sha256(f"confirming {name}".encode()).digest()[:8], "big", signed=True)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
