"""Addresses that are not written to: as hashes, so that an address can be forgotten and this not with it.

The hash is keyed with a random value that the record itself keeps, and with nothing else: with a setting beside it, an
address suppressed before the setting was changed would be written to again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.facts import fact, fact_made_once
from knowledge.parties import normal
from knowledge.tables import suppression

_KEY = "suppression_key"


class Reason(StrEnum):
    """Why an address is not written to. ASKED: whoever reads there said so; COMPLAINT: through somebody else."""

    BOUNCED = "bounced"
    COMPLAINT = "complaint"
    ASKED = "asked"


def suppress(connection: Connection, address: str, reason: Reason, now: datetime) -> bool:
    """Writes down that an address is not written to. False where it was so already: the first reason stays."""
    id = _hash(_key(connection), address)
    if connection.execute(sa.select(suppression.c.id).where(suppression.c.id == id)).first():
        return False
    connection.execute(sa.insert(suppression).values(id=id, reason=reason.value, at=now))
    return True


def why_suppressed(connection: Connection, address: str) -> Reason | None:
    """Why an address is not written to, None where it may be. Writes nothing."""
    key = fact(connection, _KEY)
    if key is None:
        return None
    said = connection.execute(sa.select(suppression.c.reason).where(suppression.c.id == _hash(key, address))).scalar()
    return Reason(said) if said else None


def allow(connection: Connection, address: str) -> bool:
    """It may be written to again. False where it might all along."""
    key = fact(connection, _KEY)
    found = suppression.c.id == _hash(key, address) if key else sa.false()
    return connection.execute(sa.delete(suppression).where(found)).rowcount > 0


def _key(connection: Connection) -> str:
    return fact(connection, _KEY) or fact_made_once(connection, _KEY, secrets.token_hex(32))


def _hash(key: str, address: str) -> str:
    return hmac.new(key.encode(), normal(address).encode(), hashlib.sha256).hexdigest()
