"""Everybody the desk has dealt with, as a number: what other tables hold in place of an address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.tables import party

LONGEST_ADDRESS = 254
_EMAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]+@[\w-]+(?:\.[\w-]+)+")
_SLACK_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,30}")


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address that can be kept."""
    return len(text) <= LONGEST_ADDRESS and text.isprintable() and bool(_EMAIL.fullmatch(text))


def is_slack_channel(address: str) -> bool:
    """Whether an address is a Slack channel's id, and not somebody's."""
    return bool(_SLACK_CHANNEL.fullmatch(address))


def party_of(connection: Connection, address: str) -> int:
    """The number of an e-mail address or Slack id, given to it now where it has none."""
    address = normal(address)
    if not address:
        raise ValueError("nobody has no number")
    if (found := _number(connection, address)) is not None:
        return found
    try:
        with connection.begin_nested():
            given = connection.execute(sa.insert(party).values(address=address, unreachable="").returning(party.c.id))
            return int(given.scalar_one())
    except sa.exc.IntegrityError:  # PostgreSQL: another transaction was first
        return int(connection.execute(sa.select(party.c.id).where(party.c.address == address)).scalar_one())


def parties_of(connection: Connection, addresses: Iterable[str]) -> set[int]:
    """The numbers of somebody who goes by several addresses; none for those never dealt with."""
    wanted = [normal(one) for one in addresses if one.strip()]
    return set(connection.execute(sa.select(party.c.id).where(party.c.address.in_(wanted))).scalars())


def address_of(connection: Connection, number: int | None) -> str:
    """The address behind a number, "" for none."""
    if number is None:
        return ""
    return str(connection.execute(sa.select(party.c.address).where(party.c.id == number)).scalar() or "")


def mark_unreachable(connection: Connection, address: str, reason: str, now: datetime) -> None:
    """Writes down that nothing arrives at an address, and why ("bounced", "no Slack user")."""
    number = party_of(connection, address)
    connection.execute(
        sa.update(party).where(party.c.id == number).values(unreachable=reason[:64], unreachable_since=now)
    )


def mark_reachable(connection: Connection, address: str) -> None:
    """Something arrives there again."""
    values = {"unreachable": "", "unreachable_since": None}
    connection.execute(sa.update(party).where(party.c.address == normal(address)).values(**values))


def unreachable(connection: Connection) -> dict[str, str]:
    """Addresses at which nothing arrives, with the reason."""
    rows = connection.execute(sa.select(party.c.address, party.c.unreachable).where(party.c.unreachable != ""))
    return {row.address: row.unreachable for row in rows}


def normal(address: str) -> str:
    """An address as it is compared: e-mail in small letters, a Slack id as it is."""
    address = address.strip()
    return address.lower() if "@" in address else address


def _number(connection: Connection, address: str) -> int | None:
    return connection.execute(sa.select(party.c.id).where(party.c.address == address)).scalar()
