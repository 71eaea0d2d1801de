"""The letter that asks an address whether it wants to hear. Nothing else is sent there until somebody says so."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.letters import Letter
from handlers.messages import Choice
from handlers.telling.opportunities import letter
from knowledge.models import Person
from knowledge.outbox.owed import Owed
from knowledge.subscriptions.confirming import works
from knowledge.subscriptions.pace import in_words
from knowledge.subscriptions.record import by_number
from knowledge.subscriptions.understanding.telling import one_line


def confirm(connection: Connection, owed: Owed, person: Person | None, desk: Desk) -> Letter | None:
    """Nothing where it is agreed to already, or the link works no more."""
    link = str(owed.about["link"])
    id = works(connection, link, desk.now())
    found = by_number(connection, id) if id is not None else None
    if found is None:
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
