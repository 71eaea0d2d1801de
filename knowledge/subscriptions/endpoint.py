"""An endpoint: where somebody's webhooks go. It is a recipient of its own, and has a secret that signs what it gets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import parties_of
from knowledge.store import aware
from knowledge.tables import endpoint, party

WEBHOOK = "webhook"
"""The channel of endpoints."""
PREFIX = "endpoint:"
"""What the address of an endpoint begins with."""


class EndpointState(StrEnum):
    """How an endpoint stands. UNTESTED: it has not answered the test yet, and is sent nothing else."""

    UNTESTED = "untested"
    LIVE = "live"
    ENDED = "ended"


class Endpoint(NamedTuple):
    """Where webhooks go. `address`: itself, as a recipient ("endpoint:7"); `owner`: the address of whoever may change
    it; `secrets`: what a sending is signed with, the newest first, none once it has ended; `tested_at`: when it was
    tested last, however that went; `problem`, `failing_since`: why the last sending failed, "" where it arrived."""

    id: int
    address: str
    owner: str
    url: str
    state: EndpointState
    secrets: tuple[str, ...]
    problem: str
    made_at: datetime
    tested_at: datetime | None
    failing_since: datetime | None


def address_of(id: int) -> str:
    """An endpoint as a recipient."""
    return f"{PREFIX}{id}"


def number_of(text: str) -> int | None:
    """The number of "endpoint:7" or "7"; None for anything else."""
    digits = text.strip().lower().removeprefix(PREFIX)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def by_number(connection: Connection, id: int, now: datetime) -> Endpoint | None:
    """An endpoint by its number."""
    return next(iter(_read(connection, endpoint.c.id == id, now)), None)


def of_somebody(connection: Connection, addresses: Iterable[str], now: datetime) -> list[Endpoint]:
    """What somebody who goes by these addresses owns, the oldest first, without what has ended."""
    whose = endpoint.c.owner.in_(parties_of(connection, addresses))
    return _read(connection, sa.and_(whose, endpoint.c.state != EndpointState.ENDED.value), now)


def every_endpoint(connection: Connection, now: datetime) -> list[Endpoint]:
    """All there are, the oldest first."""
    return _read(connection, sa.true(), now)


def made_since(connection: Connection, owner: str, since: datetime) -> int:
    """How many somebody has made since a moment, ended ones too."""
    whose = endpoint.c.owner.in_(parties_of(connection, [owner]))
    query = sa.select(sa.func.count()).select_from(endpoint).where(whose, endpoint.c.made_at > since)
    return int(connection.execute(query).scalar_one())


def _read(connection: Connection, where: sa.ColumnElement[bool], now: datetime) -> list[Endpoint]:
    query = sa.select(endpoint, party.c.address.label("owned")).join(party, party.c.id == endpoint.c.owner)
    return [_endpoint(row, now) for row in connection.execute(query.where(where).order_by(endpoint.c.id))]


def _endpoint(row: Any, now: datetime) -> Endpoint:
    old = row.old_secret if row.old_until and aware(row.old_until) > now else ""
    return Endpoint(
        id=row.id, address=address_of(row.id), owner=row.owned, url=row.url, state=EndpointState(row.state),
        secrets=tuple(one for one in (row.secret, old) if one), problem=row.problem, made_at=aware(row.made_at),
        tested_at=_aware(row.tested_at), failing_since=_aware(row.failing_since),
    )  # fmt: skip


def _aware(moment: datetime | None) -> datetime | None:
    return aware(moment) if moment else None
