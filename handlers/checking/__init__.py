"""CHECKING, before going live: what is missing in the record for promises to be kept, and what to do about it."""

from __future__ import annotations

from datetime import date

from handlers.checking.contracts import check_contracts
from handlers.checking.findings import Finding
from handlers.checking.people import check_people
from handlers.checking.sending import check_sending
from knowledge.parties import unreachable
from knowledge.people import list_people
from knowledge.register.holding import contracts
from knowledge.store import Store


def check_record(store: Store, day: date, channels: frozenset[str]) -> list[Finding]:
    """What the record lacks on a day. `channels`: the ways of delivery that are switched on."""
    with store.reading() as connection:
        people, held = list_people(connection), contracts(connection)
        deaf = unreachable(connection)
    found = check_people(people, day, channels, deaf)
    return [*found, *check_contracts(held, people, day, deaf), *check_sending(store)]
