"""Whom the register names: managers, deputies and lead directors, on the people list or not."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.models import Person, Role
from knowledge.people import find_person
from knowledge.register.contract import Contract
from knowledge.register.holding import held

_NAMED = (
    ("manager_email", "manager", Role.MANAGER),
    ("deputy_email", "deputy", Role.MANAGER),
    ("director_email", "director", Role.DIRECTOR),
)
"""Where a contract has an address, whose name goes with it, and the role that follows."""


def find_known(connection: Connection, *, slack_id: str = "", email: str = "") -> Person | None:
    """Somebody by the people list; else, by e-mail address, by the register: whoever has a contract can act on concerns
    about it, though nobody has put them on the list. None for a stranger."""
    return find_person(connection, slack_id=slack_id, email=email) or named_in_register(connection, email)


def named_in_register(connection: Connection, email: str) -> Person | None:
    """Somebody whom a contract names by this address, with the roles that gives; None where none does."""
    email = email.strip().lower()
    if "@" not in email:
        return None
    columns = (tables.contract.c.about, tables.contract.c.corrected)
    fits = [sa.func.lower(column[field].as_string()) == email for column in columns for field, _, _ in _NAMED]
    rows = connection.execute(sa.select(tables.contract).where(sa.or_(*fits))).all()
    found = [one for row in rows for one in people_of(held(row).contract) if one.email == email]
    if not found:
        return None
    roles = frozenset(role for one in found for role in one.roles)
    return found[0].model_copy(update={"roles": roles})


def people_of(contract: Contract) -> list[Person]:
    """Everybody a contract names with an address."""
    return [
        Person(email=address.strip().lower(), name=getattr(contract, name).strip(), roles=frozenset({role}))
        for field, name, role in _NAMED
        if "@" in (address := getattr(contract, field))
    ]
