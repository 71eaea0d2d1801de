"""Who decides about a posting: the contract's manager and deputy, else the administrators, else triage."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.concerns.case import channel_for, known_as
from handlers.desk import Desk
from handlers.intentions.keeping import KEEPERS
from knowledge.models import Person, Role
from knowledge.outbox.owing import owe
from knowledge.parties import normal, unreachable
from knowledge.people import list_people
from knowledge.postings import Posting, waiting
from knowledge.register import contacts
from knowledge.register.contract import Contract
from knowledge.register.holding import contract as held_contract
from knowledge.register.named import people_of
from knowledge.subscriptions.suppressing import why_suppressed
from knowledge.workdays import Hours, Span, due

LATE = Span(working_days=5)
"""After how long those who decide about everything are asked as well."""
DECIDERS = KEEPERS | {Role.TRIAGE}
"""Who may decide: whoever keeps the timeline, and triage, to whom it comes where there is nobody else."""


def contract_of(connection: Connection, one: Posting) -> Contract | None:
    """The contract that a posting names."""
    held = held_contract(connection, one.contract) if one.contract else None
    return held.contract if held else None


def deciders(connection: Connection, contract: Contract | None, desk: Desk) -> list[str]:
    """The addresses of those who are asked: never nobody, where there is a triage contact."""
    people, deaf = list_people(connection), set(unreachable(connection))
    steps = contacts.ladder(contract, people, desk.day, deaf) if contract else []
    for rungs in ((contacts.MANAGER, contacts.DEPUTY), (contacts.DIRECTOR,)):
        if found := [one.email for one in steps if contacts.rung(one.role) in rungs]:
            return found
    return administrators(people) or [one.email for one in contacts.ladder(None, people, desk.day, deaf)[:1]]


def administrators(people: list[Person]) -> list[str]:
    """The addresses of the administrators."""
    return [known_as(one) for one in people if Role.ADMINISTRATOR in one.roles]


def ask_officers(connection: Connection, one: Posting, desk: Desk) -> None:
    """Owes those who decide word of a posting that waits."""
    contract = contract_of(connection, one)
    people = list_people(connection)
    people += people_of(contract) if contract else []
    for address in dict.fromkeys(map(normal, deciders(connection, contract, desk))):
        owe(
            connection, desk.now(), kind="posting", subject=f"posting:{one.id}", recipient=address,
            channel=channel_for(address, people, desk), about={"posting": one.id},
        )  # fmt: skip


def ask_again(connection: Connection, desk: Desk) -> int:
    """What waits for a working week is told to the administrators, else triage, once. Returns how much does."""
    late = [one for one in waiting(connection) if due(one.made_at, LATE, Hours(), desk.calendar) <= desk.now()]
    people = list_people(connection)
    for one in late:
        for address in deciders(connection, None, desk):
            owe(
                connection, desk.now(), kind="posting", subject=f"posting:{one.id}:late", recipient=address,
                channel=channel_for(address, people, desk), about={"posting": one.id},
            )  # fmt: skip
    return len(late)


def tell_poster(connection: Connection, one: Posting, desk: Desk) -> None:
    """Owes whoever posted it word of what was decided. No e-mail to an address that is suppressed: any stranger may
    have typed it."""
    channel = channel_for(one.posted_by, list_people(connection), desk)
    if channel != "slack" and why_suppressed(connection, one.posted_by) is not None:
        return
    owe(
        connection, desk.now(), kind="posting_decided", subject=f"posting:{one.id}", recipient=one.posted_by,
        channel=channel, about={"posting": one.id},
    )  # fmt: skip
