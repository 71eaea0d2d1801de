"""What became of a notification of a version, whether it went out alone or in a round-up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owing import GATHERED, GATHERING, MOOT, PARKED, SENT, STOPPED, UNDELIVERABLE, WAITING
from knowledge.store import aware
from knowledge.tables import notification
from knowledge.workdays import LONDON

_WITHOUT_RECEIPT = ("slack", "webhook", "screen")
"""Channels on which what was sent has arrived: whoever took it said so."""
_ARRIVED = "delivered"
_SAID = {
    WAITING: "waiting to be sent, due {due}", GATHERING: "kept for the round-up of {due}", SENT: "sent {sent}",
    PARKED: "could not be sent, and is left to a person", UNDELIVERABLE: "nothing arrives at that address",
    MOOT: "nothing was left to say when its turn came", STOPPED: "taken back before it left",
}  # fmt: skip


class Delivery(NamedTuple):
    """How a notification stands. `state`: its own, or that of the round-up in which it was told; `round_up`: that
    one's id, "" for none; `sent_at`, `delivered_at`: None for not yet, or not known; `words`: the checksum of what was
    said, "" where it is not known."""

    recipient: int
    channel: str
    subject: str
    state: str
    made_at: datetime
    due_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    attempts: int
    problem: str
    words: str
    round_up: str

    def in_words(self) -> str:
        """How it stands, for people: "sent 21 November 09:00, delivered 09:01"."""
        said = _SAID.get(self.state, self.state).format(due=moment_in_words(self.due_at), sent=_said_at(self.sent_at))
        said += " in a round-up" if self.round_up and self.state == SENT else ""
        said += f", delivered {moment_in_words(self.delivered_at)}" if self.delivered_at else ""
        return said + (f" ({self.attempts} tries: {self.problem})" if self.problem else "")


def deliveries(connection: Connection, where: Any) -> list[Delivery]:
    """What became of these notifications, a condition on their table."""
    rows = connection.execute(sa.select(notification).where(where).order_by(notification.c.made_at)).all()
    round_ups = _by_id(connection, {row.round_up for row in rows if row.round_up})
    return [_delivery(row, round_ups.get(row.round_up)) for row in rows]


def moment_in_words(moment: datetime) -> str:
    """A moment in England: "23 November 2026 08:00"."""
    here = moment.astimezone(LONDON)
    return f"{here.day} {here:%B %Y %H:%M}"


def _said_at(moment: datetime | None) -> str:
    return moment_in_words(moment) if moment else ""


def _by_id(connection: Connection, ids: Collection[str]) -> dict[str, Any]:
    """Round-ups by their ids, however many."""
    wanted, table = sorted(ids), notification
    parts = (wanted[start : start + 400] for start in range(0, len(wanted), 400))
    return {row.id: row for part in parts for row in connection.execute(sa.select(table).where(table.c.id.in_(part)))}


def _delivery(row: Any, round_up: Any | None) -> Delivery:
    left = round_up if row.state == GATHERED and round_up is not None else row
    sent_at = aware(left.settled_at) if left.state == SENT and left.settled_at else None
    return Delivery(
        row.recipient, row.channel, row.subject, left.state, aware(row.made_at), aware(row.due_at), sent_at,
        _delivered_at(left, sent_at), left.attempts, left.problem, (row.place or {}).get("words", ""), row.round_up,
    )  # fmt: skip


def _delivered_at(row: Any, sent_at: datetime | None) -> datetime | None:
    if row.receipt == _ARRIVED and row.receipt_at:
        return aware(row.receipt_at)
    return sent_at if row.channel in _WITHOUT_RECEIPT else None
