"""Who carries a contract, and who hears of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.engine import Connection

from handlers.concerns.case import channel_for, somebody
from handlers.desk import Desk
from knowledge.concerns.standing import addresses
from knowledge.models import Person, Role
from knowledge.outbox.owing import is_owed, owe
from knowledge.parties import normal, unreachable
from knowledge.people import list_people
from knowledge.register import contacts
from knowledge.register.contacts import Contact, ladder, stood_in_for
from knowledge.register.contract import Contract
from knowledge.register.named import people_of
from knowledge.workdays import Hours, opening

INSIDERS = frozenset(Role) - {Role.PROVIDER, Role.MEMBER}
"""Who reads what a review found, and when; what it changes is for those who carry the contract."""


def manages(person: Person, contract: Contract, people: Sequence[Person], day: date) -> bool:
    """Whether somebody is the contract's manager, deputy or lead director, directs its directorate, or acts today for
    somebody who is and is away."""
    return is_theirs(contract, acting_for(person, people, day))


def acting_for(person: Person, people: Sequence[Person], day: date) -> tuple[Person, ...]:
    """Somebody, and those for whom they act today."""
    return (person, *stood_in_for(person, people, day))


def is_theirs(contract: Contract, acting: Sequence[Person]) -> bool:
    """Whether one of these people is named by a contract, or directs its directorate."""
    return any(_is_named(one, contract) for one in acting)


def carries(person: Person, contract: Contract, people: Sequence[Person], day: date) -> bool:
    """The same, or an administrator: who may record a review."""
    return Role.ADMINISTRATOR in person.roles or manages(person, contract, people, day)


def _is_named(person: Person, contract: Contract) -> bool:
    named = (contract.manager_email, contract.deputy_email, contract.director_email)
    if addresses(person) & {normal(one) for one in named if one}:
        return True
    own = person.directorate.strip().casefold()
    return Role.DIRECTOR in person.roles and bool(own) and own == contract.department.strip().casefold()


def everybody(connection: Connection, contract: Contract) -> list[Person]:
    """The people list, and whom else the contract names."""
    listed = list_people(connection)
    return [*listed, *(one for one in people_of(contract) if not somebody(one.email, listed))]


def steps(connection: Connection, contract: Contract, desk: Desk) -> list[Contact]:
    """Who hears of it, one after the other, by the ladder of concerns."""
    return ladder(contract, everybody(connection, contract), desk.day, set(unreachable(connection)))


def director(found: Sequence[Contact]) -> Contact | None:
    """The lead director among them, or whoever acts for them; else the first of them."""
    directs = (one for one in found if contacts.rung(one.role) == contacts.DIRECTOR)
    return next(directs, next(iter(found), None))


def tell(
    connection: Connection, desk: Desk, contract: Contract, to: Collection[str], kind: str, subject: str,
    about: dict[str, object], *, again: bool = False,
) -> int:  # fmt: skip
    """Owes these addresses a word about a contract in office hours, unless anybody was owed it before. `again`: whoever
    was is not reached. Returns how many were told."""
    if not again and is_owed(connection, kind, subject):
        return 0
    people, due = everybody(connection, contract), opening(desk.now(), Hours(), desk.calendar)
    return sum(
        owe(connection, desk.now(), kind=kind, subject=subject, recipient=address, due=due, about=about,
            channel=channel_for(address, people, desk))
        for address in dict.fromkeys(map(normal, to))
    )  # fmt: skip
