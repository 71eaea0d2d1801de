"""Where notifications stand in Slack, for what comes later: a word below one, or the message brought up to date."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owing import SENT, WAITING
from knowledge.parties import address_of
from knowledge.tables import notification


class Standing(NamedTuple):
    """A notification in Slack. `recipient`: an address; `channel`, `ts`: of the message, "" while it has not left."""

    id: str
    recipient: str
    channel: str
    ts: str


def in_slack(connection: Connection, subject: str, kinds: Collection[str]) -> list[Standing]:
    """The notifications about a subject of these kinds that stand in Slack, or will."""
    n = notification.c
    which = (n.subject == subject, n.kind.in_(kinds), n.channel == "slack", n.state.in_((SENT, WAITING)))
    rows = connection.execute(sa.select(n.id, n.recipient, n.place).where(*which).order_by(n.made_at, n.id)).all()
    return [
        Standing(row.id, address_of(connection, row.recipient), *(str((row.place or {}).get(at, "")) for at in _PLACE))
        for row in rows
    ]


_PLACE = ("channel", "ts")
