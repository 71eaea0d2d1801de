"""What is owed, to whom, why, and how it stands: for a person to look at."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from knowledge.concerns.nouns import reference_of
from knowledge.outbox.owing import GATHERING, PARKED, WAITING
from knowledge.store import Store, aware
from knowledge.tables import notification, party


class Standing(NamedTuple):
    """How a notification stands. `kind`, `subject` and `concern` (a reference, "" for none) say why it is owed;
    `in_hand`: a worker is sending it now; `problem`: why the last try failed."""

    id: str
    due_at: datetime
    kind: str
    subject: str
    concern: str
    recipient: str
    channel: str
    urgent: bool
    state: str
    in_hand: bool
    attempts: int
    problem: str
    made_at: datetime
    settled_at: datetime | None


def notifications(store: Store, *, settled: bool = False) -> list[Standing]:
    """What is owed, kept for a round-up, or parked, by when it is due; with `settled`, all there ever was."""
    with store.reading() as connection:
        now = store.now(connection)
        wanted = (
            sa.select(notification, party.c.address)
            .join(party, party.c.id == notification.c.recipient)
            .order_by(notification.c.due_at, notification.c.id)
        )
        if not settled:
            wanted = wanted.where(notification.c.state.in_([WAITING, GATHERING, PARKED]))
        return [_standing(row, now) for row in connection.execute(wanted)]


def _standing(row: sa.Row[tuple[object, ...]], now: datetime) -> Standing:
    return Standing(
        id=row.id, due_at=aware(row.due_at), kind=row.kind, subject=row.subject, concern=reference(row.concern),
        recipient=row.address, channel=row.channel, urgent=row.urgent, state=row.state,
        in_hand=row.state == WAITING and aware(row.lease_until) > now, attempts=row.attempts, problem=row.problem,
        made_at=aware(row.made_at), settled_at=aware(row.settled_at) if row.settled_at else None,
    )  # fmt: skip


def reference(concern: int | None) -> str:
    """A concern as people name it: C-0012; "" for none."""
    return "" if concern is None else reference_of(concern)
