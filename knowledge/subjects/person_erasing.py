"""Somebody is erased: what is only theirs goes, and their address, of which a number is left. What stays, stays for a
reason that can be said."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.audit import Deed, account
from knowledge.concerns.nouns import reference_of
from knowledge.parties import address_of
from knowledge.retention.erasures import Entry, mark_of
from knowledge.subjects.person_steps import STEPS
from knowledge.subjects.somebody import Somebody, holds
from knowledge.subscriptions.forgetting import forget_address
from knowledge.subscriptions.stopping import FORGOTTEN

KIND = "party"


class Erased(NamedTuple):
    """What an erasure has done. `counts`: how much went, by kind; `held`: why the address stays for now, none where it
    is gone; `stays`: what stays for good or for a while, and why."""

    counts: dict[str, int]
    held: tuple[str, ...]
    stays: tuple[str, ...]


def entries_of(connection: Connection, one: Somebody, now: datetime) -> list[Entry]:
    """How somebody stands on the list of erasures: each of their numbers."""
    return [entry_of(connection, number, now) for number in one.numbers]


def entry_of(connection: Connection, number: int, now: datetime) -> Entry:
    """The same for one number."""
    address = address_of(connection, number)
    return Entry(KIND, number, mark_of(connection, KIND, number, address), now.isoformat())


def is_forgotten(address: str) -> bool:
    """Whether an address is one that was forgotten, or none."""
    return not address or address.startswith(FORGOTTEN)


def erase_person(connection: Connection, one: Somebody, now: datetime, *, by: str = "") -> Erased:
    """Erases them; where something holds their address, all but that. `by`: whoever does, "" for the command line."""
    counts = {name: step(connection, one, now) for name, step in STEPS.items()}
    held, stays = holds(connection, one), _stays(connection, one)
    if not held:
        counts["address"] = _forget(connection, one)
    for kind, about in one.accounted:
        account(connection, Deed.ERASED, kind, about, now, by=by, counts=counts)
    return Erased(counts, tuple(held), tuple(stays))


def _forget(connection: Connection, one: Somebody) -> int:
    """Their address goes, and what in Slack would lead to them."""
    c, event, follower = tables.concern, tables.concern_event, tables.follower
    raised = c.c.raised_by.in_(one.numbers)
    source = sa.literal("cleared:") + sa.cast(c.c.id, sa.String)
    connection.execute(sa.update(c).where(raised).values(origin={}, source=source))
    connection.execute(sa.update(event).where(event.c.by.in_(one.numbers)).values(source=None))
    connection.execute(sa.delete(follower).where(follower.c.party.in_(one.numbers)))
    for number in one.numbers:
        forget_address(connection, number)
    return len(one.numbers)


def _stays(connection: Connection, one: Somebody) -> list[str]:
    t = tables.personal_text.c
    wrote = sa.and_(t.written_by.in_(one.numbers), t.body != "", t.concern.is_not(None))
    numbers = connection.execute(sa.select(t.concern).where(wrote).distinct().order_by(t.concern)).scalars().all()
    found = []
    if numbers:
        refs = ", ".join(map(reference_of, numbers[:20])) + (" ..." if len(numbers) > 20 else "")
        found.append(f"what they wrote in {refs}: the council's casework, until that is cleared or erased by itself")
    return [
        *found,
        "figures and dates under a number that leads to nobody any more: reports, equal treatment, the audit",
        "where they asked not to be written to, a keyed hash: so that it holds",
    ]
