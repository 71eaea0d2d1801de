"""The letter that asks an address whether it wants to hear. Nothing else is sent there until somebody says so."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.letters import Letter
from handlers.messages import Choice
from handlers.telling.opportunities import letter
from knowledge.models import Person
from knowledge.outbox.owed import Owed
from knowledge.subscriptions.nouns import State
from knowledge.subscriptions.pace import in_words
from knowledge.subscriptions.record import by_number
from knowledge.subscriptions.understanding.telling import one_line
from knowledge.tables import confirmation


def confirm(connection: Connection, owed: Owed, person: Person | None, desk: Desk) -> Letter | None:
    """Nothing where it is agreed to already, or the link works no more."""
    found, link = by_number(connection, int(owed.about["subscription"])), str(owed.about["link"])
    if found is None or found.state is not State.UNCONFIRMED or not _works(connection, link, desk):
        return None
    wanted = one_line(found.criteria)
    text = "\n".join(
        (
            f"Somebody, we hope you, asked {desk.council} to be told of coming work here, {in_words(found.every)}:",
            f"{wanted}.",
            "Press the link and then the button on the page to say yes. The link works once, for a week.",
            "If you did not ask for this, do nothing: nothing more will be sent.",
        )
    )
    button = Choice(label="Yes, tell me of coming work", action="confirm_alert", about=link, style="primary")
    return letter(owed, person, "Please confirm: alerts of coming work", (), text=text, choices=(button,))


def _works(connection: Connection, link: str, desk: Desk) -> bool:
    row = confirmation.c
    good = sa.and_(
        row.id == hashlib.sha256(link.encode()).hexdigest(), row.used_at.is_(None), row.expires_at > desk.now()
    )
    return connection.execute(sa.select(row.id).where(good)).first() is not None
