"""Endpoints in the record: made, tested, given another secret, failing, ended."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import party_of
from knowledge.subscriptions import record
from knowledge.subscriptions.endpoint import Endpoint, EndpointState, address_of, by_number
from knowledge.subscriptions.nouns import State
from knowledge.tables import endpoint, subscription

OLD_SECRET_FOR = timedelta(hours=24)
"""How long the secret before counts beside a new one."""
TESTED_EVERY = timedelta(seconds=20)
"""The least time between two tests of one owner's endpoints."""
GONE = "endpoint says that it is gone (410)"
"""The problem of an endpoint that does not want to be sent anything any more."""
_SECRET_BYTES = 32
_LONGEST_PROBLEM = 200


def new_secret() -> str:
    """A secret as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def make(connection: Connection, now: datetime, *, owner: str, url: str) -> Endpoint:
    """A new endpoint, untested. `url`: as `hook_url` gives it."""
    whose = party_of(connection, owner)
    row = {
        "party": whose, "owner": whose, "url": url, "secret": new_secret(), "old_secret": "",
        "state": EndpointState.UNTESTED.value, "problem": "", "made_at": now,
    }  # fmt: skip
    id = int(connection.execute(sa.insert(endpoint).values(**row).returning(endpoint.c.id)).scalar_one())
    _change(connection, id, party=party_of(connection, address_of(id)))
    found = by_number(connection, id, now)
    assert found is not None  # noqa: S101 - it was written a moment ago
    return found


def rotate(connection: Connection, id: int, now: datetime) -> str | None:
    """Gives it a new secret; the one before counts beside it for a day. None where it has ended."""
    found = by_number(connection, id, now)
    if found is None or found.state is EndpointState.ENDED:
        return None
    fresh = new_secret()
    _change(connection, id, secret=fresh, old_secret=found.secrets[0], old_until=now + OLD_SECRET_FOR)
    return fresh


def end(connection: Connection, id: int, why: str, now: datetime) -> list[int] | None:
    """Ends it and the subscriptions that it hears of; its secrets are forgotten. `why`: see Subscription. Gives their
    numbers, None where it has ended before."""
    held = sa.and_(endpoint.c.id == id, endpoint.c.state != EndpointState.ENDED.value)
    values = {"state": EndpointState.ENDED.value, "secret": "", "old_secret": "", "old_until": None}
    if connection.execute(sa.update(endpoint).where(held).values(**values)).rowcount != 1:
        return None
    return end_subscriptions(connection, id, why, now)


def end_subscriptions(connection: Connection, id: int, why: str, now: datetime) -> list[int]:
    """Ends what an endpoint hears of. Gives the numbers of the subscriptions."""
    s = subscription.c
    query = sa.select(s.id).join(endpoint, endpoint.c.party == s.recipient).order_by(s.id)
    open = connection.execute(query.where(endpoint.c.id == id, s.state != State.ENDED.value)).scalars().all()
    return [number for number in open if record.end(connection, number, why, now)]


def forget_owner(connection: Connection, owner: int) -> None:
    """Ends the endpoints of somebody who is forgotten (by their number), and forgets where they were."""
    values = {"state": EndpointState.ENDED.value, "secret": "", "old_secret": "", "url": "", "problem": ""}
    connection.execute(sa.update(endpoint).where(endpoint.c.owner == owner).values(**values))


# --- how it does --------------------------------------------------------------------------------------------------


def begin_test(connection: Connection, id: int, now: datetime) -> bool:
    """Whether it may be tested now; that counts as a test. An owner's endpoints share one pace, for a test goes to
    whatever server somebody names."""
    other = endpoint.alias()
    whose = sa.select(endpoint.c.owner).where(endpoint.c.id == id).scalar_subquery()
    lately = sa.exists().where(other.c.owner == whose, other.c.tested_at > now - TESTED_EVERY)
    rested = sa.or_(endpoint.c.tested_at.is_(None), endpoint.c.tested_at <= now - TESTED_EVERY)
    held = sa.and_(endpoint.c.id == id, endpoint.c.state != EndpointState.ENDED.value, rested, ~lately)
    return connection.execute(sa.update(endpoint).where(held).values(tested_at=now)).rowcount == 1


def passed(connection: Connection, id: int) -> bool:
    """It has answered: it is live, and nothing is wrong with it. False where it has ended."""
    held = sa.and_(endpoint.c.id == id, endpoint.c.state != EndpointState.ENDED.value)
    values = {"state": EndpointState.LIVE.value, "problem": "", "failing_since": None}
    return connection.execute(sa.update(endpoint).where(held).values(**values)).rowcount == 1


def failing(connection: Connection, id: int, problem: str, now: datetime) -> None:
    """The last sending did not arrive; it counts as failing since the first of them in a row."""
    since = sa.func.coalesce(endpoint.c.failing_since, now)
    _change(connection, id, problem=problem[:_LONGEST_PROBLEM], failing_since=since)


def _change(connection: Connection, id: int, **values: Any) -> None:
    connection.execute(sa.update(endpoint).where(endpoint.c.id == id).values(**values))
