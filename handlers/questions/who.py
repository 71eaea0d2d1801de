"""Who asks, who answers, and how those who answer are told: the officers' channel, else each officer, else triage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from handlers.concerns.case import channel_for, known_as, sender
from handlers.desk import Desk
from handlers.messages import Message
from knowledge.models import Person, Role
from knowledge.outbox.owing import owe
from knowledge.parties import normal, unreachable
from knowledge.people import list_people
from knowledge.questions.learnt import by_words
from knowledge.register import contacts

SETTLERS = frozenset({Role.OFFICER, Role.MANAGER, Role.DIRECTOR, Role.TRIAGE, Role.ADMINISTRATOR})
"""Who may answer what people ask the council, and say what the desk is to know."""


class Told(NamedTuple):
    """Somebody, or a Slack channel, that is told of questions. `address`, `channel`: as the outbox has them; `name`: as
    people say it."""

    address: str
    channel: str
    name: str


def asker_of(message: Message) -> str:
    """The address by which an answer reaches whoever sent a message, "" for a stranger."""
    return message.address or message.proved


def settler(connection: Connection, message: Message) -> Person | None:
    """Whoever sent a message, where they may answer what people ask; else None."""
    person = sender(connection, message)
    return person if person.roles & SETTLERS else None


def officers(connection: Connection, desk: Desk) -> list[Told]:
    """Who is told of questions for a person: never nobody, where anybody is on the people list."""
    people, deaf = list_people(connection), set(unreachable(connection))
    if desk.officers_channel and "slack" in desk.channels and desk.officers_channel not in deaf:
        return [Told(desk.officers_channel, "slack", "the officers")]
    found = [one for one in people if Role.OFFICER in one.roles and normal(known_as(one)) not in deaf]
    if found:
        return [_told(one, people, desk, "officer") for one in found]
    triage = [step.email for step in contacts.ladder(None, people, desk.day, deaf)[:1]]
    if triage:
        person = next((one for one in people if normal(known_as(one)) == normal(triage[0])), None)
        name = f"{(person.name if person else '') or triage[0]} (triage contact)"
        return [Told(triage[0], channel_for(triage[0], people, desk), name)]
    return administrators(connection, desk)


def administrators(connection: Connection, desk: Desk) -> list[Told]:
    """The administrators."""
    people = list_people(connection)
    return [_told(one, people, desk, "administrator") for one in people if Role.ADMINISTRATOR in one.roles]


def _told(person: Person, people: list[Person], desk: Desk, role: str) -> Told:
    address = known_as(person)
    return Told(address, channel_for(address, people, desk), f"{person.name or address} ({role})")


def tell(connection: Connection, desk: Desk, who: list[Told], kind: str, subject: str, about: Mapping[str, Any]) -> int:
    """Owes each of them one notification of a kind about a subject. Returns how many were not owed it already."""
    owed = {normal(one.address): one for one in who}
    return sum(
        owe(
            connection, desk.now(), kind=kind, subject=subject, recipient=one.address, channel=one.channel, about=about
        )
        for one in owed.values()
    )  # fmt: skip


def whose(connection: Connection, address: str, *, to_listed: bool) -> str:
    """Somebody of the council as others read of them: strangers read no name."""
    return by_words(connection, address) if to_listed else "an officer of the council"
