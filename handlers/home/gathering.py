"""Which parts a home has, by role. Somebody with several roles has each part once."""

from __future__ import annotations

from handlers.concerns.case import sender
from handlers.desk import Desk
from handlers.home.managers import of_contracts
from handlers.home.nouns import Part
from handlers.home.officers import ending_soon, register_gaps, waiting
from handlers.home.providers import closing_soon
from handlers.messages import Message
from handlers.subscriptions.whose import mine
from knowledge.models import Role

CARRIERS = frozenset({Role.MANAGER, Role.DIRECTOR})
"""Who carries contracts, or acts for somebody who does."""
OFFICERS = frozenset({Role.OFFICER, Role.ADMINISTRATOR})
"""Who answers questions that are passed on, and mends the register."""


def parts(message: Message, desk: Desk) -> tuple[Part, ...]:
    """The parts of whoever sent a message."""
    with desk.store.reading() as connection:
        found: list[Part] = []
        person = sender(connection, message)
        if person.roles & CARRIERS:
            found += of_contracts(connection, person, desk)
        if person.roles & OFFICERS:
            found += [waiting(connection, desk), ending_soon(connection, desk), register_gaps(connection, desk)]
        if alerts := mine(connection, message):
            found.append(closing_soon(connection, alerts, desk))
        return tuple(found)
