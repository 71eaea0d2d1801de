"""Addresses are forgotten when nobody is written to there any more, and what was said with them.

Whoever has nothing else to do with the council keeps a number in the record and no address: that somebody was told
something, and when, can still be shown; who it was cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owing import MOOT, SENT, STOPPED, UNDELIVERABLE
from knowledge.subscriptions.confirming import VALID
from knowledge.subscriptions.endpoint import PREFIX
from knowledge.subscriptions.endpoints import forget_owner
from knowledge.subscriptions.nouns import Criteria, State
from knowledge.subscriptions.stopping import FORGOTTEN
from knowledge.tables import (
    audit,
    confirmation,
    endpoint,
    metadata,
    notification,
    party,
    person,
    subscription,
    subscription_match,
)

AFTER = timedelta(days=28)
"""How long after the last subscription to it ended an address is forgotten."""
ALERTS = ("confirm", "my_alerts", "intention", "closing", "roundup")
"""Kinds of notification that people have because they subscribed."""
_DONE = (SENT, STOPPED, MOOT, UNDELIVERABLE, "gathered")
"""How a notification stands that needs its address no more."""


def remove_unconfirmed(connection: Connection, now: datetime) -> int:
    """Removes what nobody agreed to within a week and no link can confirm any more. Returns how many."""
    live = sa.select(confirmation.c.subscription).where(confirmation.c.expires_at > now)
    old = sa.select(subscription.c.id).where(
        subscription.c.state == State.UNCONFIRMED.value, subscription.c.made_at <= now - VALID,
        subscription.c.id.not_in(live),
    )  # fmt: skip
    numbers = list(connection.execute(old).scalars())
    for part in (numbers[start : start + 400] for start in range(0, len(numbers), 400)):
        connection.execute(sa.delete(confirmation).where(confirmation.c.subscription.in_(part)))
        connection.execute(sa.delete(subscription).where(subscription.c.id.in_(part)))
    return len(numbers)


def empty_ended(connection: Connection, now: datetime) -> int:
    """Empties the words of what ended 28 days ago: the sentence, the phrases and the places nobody else knows of its
    criteria, and both in why it was told. Returns how many."""
    ended = sa.and_(subscription.c.state == State.ENDED.value, subscription.c.ended_at <= now - AFTER)
    rows = connection.execute(sa.select(subscription).where(ended, subscription.c.sentence != "")).all()
    for row in rows:
        found = Criteria.model_validate(row.criteria)
        own = [f"“{phrase}”" for phrase in found.words] + [area.name for area in found.areas if not area.district]
        kept = found.model_copy(update={"words": (), "areas": tuple(one for one in found.areas if one.district)})
        values = {"sentence": "", "criteria": kept.model_dump(mode="json", exclude_defaults=True)}
        connection.execute(sa.update(subscription).where(subscription.c.id == row.id).values(**values))
        if own:
            _empty_why(connection, row.id, own)
    return len(rows)


def _empty_why(connection: Connection, id: int, own: Sequence[str]) -> None:
    match = subscription_match
    for row in connection.execute(sa.select(match).where(match.c.subscription == id)).all():
        why = [{name: _without(value, own) for name, value in one.items()} for one in row.why]
        this = [column == row._mapping[column.name] for column in match.primary_key]
        connection.execute(sa.update(match).where(*this).values(why=why))


def _without(said: object, own: Sequence[str]) -> object:
    if isinstance(said, str):
        for words in own:
            said = said.replace(words, "…")
    return said


def forget_addresses(connection: Connection, now: datetime, among: Sequence[int] = ()) -> int:
    """Forgets the addresses of those who have nothing to do with the council any more. `among`: others who may be such,
    by their numbers. Returns how many."""
    numbers = list(connection.execute(_forgettable(now, among)).scalars())
    for number in numbers:
        connection.execute(sa.delete(confirmation).where(confirmation.c.party == number))
        forget_owner(connection, number)
        values = {"address": f"{FORGOTTEN}{number}", "unreachable": "", "unreachable_since": None}
        connection.execute(sa.update(party).where(party.c.id == number).values(**values))
    return len(numbers)


def _forgettable(now: datetime, among: Sequence[int]) -> sa.Select[int]:
    """Everybody the desk has written to for an alert's sake alone, not lately."""
    alerted = sa.select(notification.c.recipient).where(notification.c.kind.in_(ALERTS))
    subscribed = [
        sa.select(subscription.c[name]).where(subscription.c.state == State.ENDED.value)
        for name in ("recipient", "owner")
    ]
    subscribed += [sa.select(endpoint.c.owner), sa.select(party.c.id).where(party.c.id.in_(among))]
    return (
        sa.select(party.c.id)
        .where(sa.or_(party.c.id.in_(alerted), *(party.c.id.in_(one) for one in subscribed)))
        .where(party.c.address.not_like(f"{FORGOTTEN}%"), party.c.address.not_like(f"{PREFIX}%"))
        .where(*(~one for one in _uses(now)))
    )


def _uses(now: datetime) -> list[sa.ColumnElement[bool]]:
    """What keeps an address: a place on the people list, and every row of any table that names its number, but for
    those of alerts that are over, and of the audit, for which a number is enough. A table that is added later keeps
    addresses until it is thought of here."""
    found: list[sa.ColumnElement[bool]] = []
    # What is alive most often comes first: the others are not looked at then.
    for table in sorted(metadata.sorted_tables, key=lambda one: one is not subscription):
        for column in table.columns:
            if table not in (confirmation, audit) and any(key.column is party.c.id for key in column.foreign_keys):
                found.append(sa.exists().where(column == party.c.id, *_still(table, now)).correlate(party))
    listed = sa.or_(sa.func.lower(person.c.email) == party.c.address, person.c.slack_id == party.c.address)
    return [*found, sa.exists().where(listed)]


def _still(table: sa.Table, now: datetime) -> list[sa.ColumnElement[bool]]:
    """Which rows of a table need the address, where not all do."""
    if table is notification:
        return [notification.c.state.not_in(_DONE)]
    if table is endpoint:  # what is sent there keeps its owner; an endpoint of which nobody makes use does not
        return [sa.or_(endpoint.c.made_at > now - AFTER, endpoint.c.tested_at > now - AFTER)]
    if table is subscription:
        lately = subscription.c.ended_at > now - AFTER
        return [sa.or_(subscription.c.state != State.ENDED.value, lately)]
    return []
