"""The letter that asks an address whether it wants to hear. Nothing else is sent there until somebody says so."""

from __future__ import annotations

import re

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

_LONGEST = 200
_LEADS_SOMEWHERE = re.compile(r"[^\s“”]*(?://|@|\w\.[^\W\d])[^\s“”]*")
"""What mail programs make a link of."""


def confirm(connection: Connection, owed: Owed, person: Person | None, desk: Desk) -> Letter | None:
    """Nothing where it is agreed to already, or the link works no more."""
    link = str(owed.about["link"])
    id = works(connection, link, desk.now())
    found = by_number(connection, id) if id is not None else None
    if found is None:
        return None
    wanted = _harmless(one_line(found.criteria))
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


def _harmless(wanted: str) -> str:
    """What is wanted, as far as it may be sent to somebody who has agreed to nothing: anybody can have this letter sent
    to anybody, and must not have the council's name stand below words and links of theirs."""
    said = " ".join(_LEADS_SOMEWHERE.sub("…", wanted).split())
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST].rsplit(' ', 1)[0]} …"
