"""Links that sign somebody in once. The record keeps a number for each; the link itself is that number signed, made
when it is sent, so that whoever reads the record cannot sign in with what stands there."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tokens
from knowledge.parties import address_of, normal, party_of
from knowledge.tables import party, sign_in_link

VALID = timedelta(minutes=30)
MOST_AN_HOUR = 3
"""Links an address is sent in an hour."""
PURPOSE = "sign-in"
_KEPT = timedelta(days=1)


def make(connection: Connection, address: str, now: datetime, *, valid: timedelta = VALID) -> str:
    """A new link for an address; returns its id. Links to the same address that are not used yet work no more."""
    number, link = party_of(connection, address), secrets.token_hex(32)
    older = sa.and_(sign_in_link.c.party == number, sign_in_link.c.used_at.is_(None))
    connection.execute(sa.update(sign_in_link).where(older).values(expires_at=sign_in_link.c.made_at))
    connection.execute(
        sa.insert(sign_in_link).values(id=link, party=number, made_at=now, expires_at=now + valid, used_at=None)
    )
    return link


def path_of(secret: str, link: str, now: datetime) -> str:
    """Where a link leads, below the desk's address: made when the letter is sent, and kept nowhere."""
    return f"/sign-in/link/{tokens.sign(secret, PURPOSE, {'link': link}, now)}"


def link_in(secret: str, token: str, now: datetime) -> str:
    """The id of the link a token names, "" where the desk did not write it or it is too old."""
    about = tokens.read(secret, PURPOSE, token, longest=VALID, now=now)
    return str(about.get("link", "")) if about else ""


def works(connection: Connection, link: str, now: datetime) -> bool:
    """Whether a link would sign somebody in now. Changes nothing."""
    return connection.execute(sa.select(sign_in_link.c.id).where(_good(link, now))).first() is not None


def use(connection: Connection, link: str, now: datetime) -> str | None:
    """Uses a link up: the address it was made for, or None where it is used, expired, overtaken or unknown. Of several
    at once one has it: the row is changed and read in one statement."""
    used = sa.update(sign_in_link).where(_good(link, now)).values(used_at=now).returning(sign_in_link.c.party)
    number = connection.execute(used).scalar()
    return address_of(connection, number) or None


def recent(connection: Connection, address: str, now: datetime) -> int:
    """How many links were made for an address in the last hour."""
    return int(
        connection.execute(
            sa.select(sa.func.count())
            .select_from(sign_in_link.join(party, party.c.id == sign_in_link.c.party))
            .where(party.c.address == normal(address), sign_in_link.c.made_at > now - timedelta(hours=1))
        ).scalar_one()
    )


def clean(connection: Connection, now: datetime, kept: timedelta = _KEPT) -> int:
    """Deletes links made more than a day ago. Returns how many."""
    return connection.execute(sa.delete(sign_in_link).where(sign_in_link.c.made_at < now - kept)).rowcount


def _good(link: str, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(sign_in_link.c.id == link, sign_in_link.c.used_at.is_(None), sign_in_link.c.expires_at > now)
