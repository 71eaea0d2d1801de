"""Subscriptions in the record: proposed, agreed to, paused, taken up again, changed, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import parties_of, party_of
from knowledge.store import aware
from knowledge.subscriptions.early import for_owner
from knowledge.subscriptions.filing import places_of
from knowledge.subscriptions.nouns import Criteria, State, Subscription
from knowledge.tables import party, subscription, subscription_filed
from knowledge.timeline.locking import stand_by

WORDING = "2026-11"
"""The version of the words people agree to. Raise it when they change."""


def propose(
    connection: Connection, now: datetime, *, recipient: str, owner: str, channel: str, sentence: str,
    criteria: Criteria, every: str,
) -> int:  # fmt: skip
    """Writes down what somebody may want; nothing is sent before it is agreed to. Returns its number."""
    criteria = for_owner(connection, owner, criteria)
    row = {
        "recipient": party_of(connection, recipient), "owner": party_of(connection, owner), "channel": channel,
        "sentence": sentence[:2000], "criteria": _as_record(criteria), "every": every,
        "state": State.UNCONFIRMED.value, "since": now, "made_at": now, "ended_why": "", "wording": WORDING,
    }  # fmt: skip
    made = connection.execute(sa.insert(subscription).values(**row).returning(subscription.c.id))
    return int(made.scalar_one())


def agree(connection: Connection, id: int, now: datetime) -> bool:
    """It has been agreed to, and counts from now on. False where it is not waiting for that."""
    stand_by(connection)
    values = {"state": State.ACTIVE.value, "since": now, "confirmed_at": now}
    return _move(connection, id, (State.UNCONFIRMED,), values)


def pause(connection: Connection, id: int, now: datetime) -> bool:
    """Nothing is told until it is taken up again. False where it is not active."""
    return _move(connection, id, (State.ACTIVE,), {"state": State.PAUSED.value, "paused_at": now})


def resume(connection: Connection, id: int, now: datetime) -> bool:
    """Taken up again: what happened meanwhile is not told. False where it is not paused."""
    stand_by(connection)
    values = {"state": State.ACTIVE.value, "since": now, "paused_at": None}
    return _move(connection, id, (State.PAUSED,), values)


def end(connection: Connection, id: int, why: str, now: datetime) -> bool:
    """Ends it for good. `why`: see Subscription. False where it has ended before."""
    values = {"state": State.ENDED.value, "ended_at": now, "ended_why": why}
    return _move(connection, id, (State.UNCONFIRMED, State.ACTIVE, State.PAUSED), values)


def change(
    connection: Connection, id: int, *, criteria: Criteria | None = None, every: str | None = None,
    sentence: str | None = None,
) -> bool:  # fmt: skip
    """Changes what is wanted, or how often. Whoever agreed to it is asked nothing again. False where it has ended."""
    values: dict[str, Any] = {}
    if criteria is not None:
        stand_by(connection)
        values["criteria"] = _as_record(for_owner(connection, _owner_of(connection, id), criteria))
    if every is not None:
        values["every"] = every
    if sentence is not None:
        values["sentence"] = sentence[:2000]
    return _move(connection, id, (State.UNCONFIRMED, State.ACTIVE, State.PAUSED), values) if values else False


def _owner_of(connection: Connection, id: int) -> str:
    found = by_number(connection, id)
    return found.owner if found else ""


def _move(connection: Connection, id: int, states: tuple[State, ...], values: dict[str, Any]) -> bool:
    held = sa.and_(subscription.c.id == id, subscription.c.state.in_([state.value for state in states]))
    if connection.execute(sa.update(subscription).where(held).values(**values)).rowcount != 1:
        return False
    _file(connection, id)
    return True


def _file(connection: Connection, id: int) -> None:
    """Files an active subscription where intentions look it up; any other nowhere."""
    connection.execute(sa.delete(subscription_filed).where(subscription_filed.c.subscription == id))
    found = by_number(connection, id)
    if found and found.state is State.ACTIVE:
        rows = [{"under": place, "subscription": id} for place in sorted(places_of(found.criteria))]
        connection.execute(sa.insert(subscription_filed), rows)


# --- reading ------------------------------------------------------------------------------------------------------


def by_number(connection: Connection, id: int) -> Subscription | None:
    """A subscription by its number."""
    return next(iter(_read(connection, subscription.c.id == id)), None)


def of_somebody(connection: Connection, addresses: Iterable[str], *, ended: bool = False) -> list[Subscription]:
    """What somebody who goes by these addresses may change, the oldest first: what they made, and what they are told;
    without those never agreed to, and without the ended ones unless asked for."""
    known = parties_of(connection, addresses)
    states = [State.ACTIVE.value, State.PAUSED.value, *([State.ENDED.value] if ended else [])]
    theirs = sa.or_(subscription.c.owner.in_(known), subscription.c.recipient.in_(known))
    return _read(connection, sa.and_(theirs, subscription.c.state.in_(states)))


def every_subscription(connection: Connection, *, ended: bool = False) -> list[Subscription]:
    """All there are, the oldest first."""
    return _read(connection, sa.true() if ended else subscription.c.state != State.ENDED.value)


def numbered(connection: Connection, ids: Iterable[int]) -> list[Subscription]:
    """Several by their numbers, the oldest first."""
    wanted = sorted(set(ids))
    parts = (wanted[start : start + 400] for start in range(0, len(wanted), 400))
    return [one for part in parts for one in _read(connection, subscription.c.id.in_(part))]


def _read(connection: Connection, where: Any) -> list[Subscription]:
    told, owner = party.alias("told"), party.alias("owner")
    query = (
        sa.select(subscription, told.c.address.label("told"), owner.c.address.label("owned"))
        .join(told, told.c.id == subscription.c.recipient)
        .join(owner, owner.c.id == subscription.c.owner)
        .where(where)
        .order_by(subscription.c.id)
    )
    return [_subscription(row) for row in connection.execute(query)]


def _subscription(row: Any) -> Subscription:
    return Subscription(
        id=row.id, recipient=row.told, owner=row.owned, channel=row.channel, sentence=row.sentence,
        criteria=Criteria.model_validate(row.criteria), every=row.every, state=State(row.state),
        since=aware(row.since), made_at=aware(row.made_at), confirmed_at=_aware(row.confirmed_at),
        paused_at=_aware(row.paused_at), ended_at=_aware(row.ended_at), ended_why=row.ended_why,
    )  # fmt: skip


def _aware(moment: datetime | None) -> datetime | None:
    return aware(moment) if moment else None


def _as_record(criteria: Criteria) -> dict[str, Any]:
    return criteria.model_dump(mode="json", exclude_defaults=True)
