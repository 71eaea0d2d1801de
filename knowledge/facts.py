"""Single values of the record, by name."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.store import insert, insert_new


def fact(connection: Connection, name: str) -> str | None:
    """A value by its name."""
    value: str | None = connection.execute(sa.select(tables.fact.c.value).where(tables.fact.c.name == name)).scalar()
    return value


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Writes a value down, in the place of what was there, whoever else does the same at this moment."""
    connection.execute(_put(connection, name, value, keep=False))


def fact_made_once(connection: Connection, name: str, value: str) -> str:
    """A value that is made once and then stays: the one given, where there is none yet."""
    connection.execute(insert_new(connection, tables.fact).values(name=name, value=value))
    return fact(connection, name) or value


def hold_fact(connection: Connection, name: str) -> str:
    """A value, "" for none, which nobody else changes until this transaction ends: whoever holds it first goes first,
    and the others wait here. Held before anything is looked at that is then written."""
    held = _put(connection, name, "", keep=True).returning(tables.fact.c.value)
    return str(connection.execute(held).scalar_one())


def raise_number(connection: Connection, name: str) -> int:
    """The next of a number that counts changes. No two transactions are given the same."""
    following = int(hold_fact(connection, name) or 0) + 1
    set_fact(connection, name, str(following))
    return following


def _put(connection: Connection, name: str, value: str, *, keep: bool) -> Any:
    """One statement: a row that is deleted and written anew would be no row to whoever waits for it on PostgreSQL.
    `keep`: what is there stays."""
    made = insert(connection, tables.fact).values(name=name, value=value)
    to = tables.fact.c.value if keep else made.excluded.value
    return made.on_conflict_do_update(index_elements=[tables.fact.c.name], set_={"value": to})
