"""Single values of the record, by name."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables


def fact(connection: Connection, name: str) -> str | None:
    """A value by its name."""
    value: str | None = connection.execute(sa.select(tables.fact.c.value).where(tables.fact.c.name == name)).scalar()
    return value


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Writes a value down, in the place of what was there."""
    connection.execute(sa.delete(tables.fact).where(tables.fact.c.name == name))
    connection.execute(sa.insert(tables.fact).values(name=name, value=value))


def raise_number(connection: Connection, name: str) -> int:
    """The next of a number that counts changes."""
    following = int(fact(connection, name) or 0) + 1
    set_fact(connection, name, str(following))
    return following
