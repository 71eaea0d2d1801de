"""A link to one's alerts, for whoever has no e-mail of ours at hand: sent to the address, so that only its reader has
it."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owing import owe
from knowledge.parties import party_of
from knowledge.subscriptions.limits import DAY, MOST_AN_ADDRESS, in_line
from knowledge.subscriptions.stopping import sent_to
from knowledge.subscriptions.suppressing import why_suppressed
from knowledge.tables import notification

KIND = "my_alerts"


def owe_link(connection: Connection, address: str, channel: str, now: datetime) -> bool:
    """Owes an address the link to its alerts. False, and nothing written, where it has none, is suppressed, or was sent
    three such links in a day: the same is done first, so that the time it takes does not tell."""
    in_line(connection, address)
    with connection.begin_nested() as step:
        party = party_of(connection, address)
        lately = sa.and_(notification.c.kind == KIND, notification.c.made_at > now - DAY)
        count = sa.select(sa.func.count()).select_from(notification).where(notification.c.recipient == party, lately)
        answers = (
            int(connection.execute(count).scalar_one()) < MOST_AN_ADDRESS,
            bool(sent_to(connection, party)),
            why_suppressed(connection, address) is None,
        )
        owe(connection, now, kind=KIND, subject=f"{KIND}:{secrets.token_hex(8)}", recipient=address, channel=channel)
        if not all(answers):
            step.rollback()
    return all(answers)
