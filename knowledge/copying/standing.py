"""What stands in the place that a record is to be copied to: nothing, an empty record, a copy, or somebody's record."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.copying.nouns import CopyError
from knowledge.copying.rows import MARK
from knowledge.facts import fact, set_fact
from knowledge.retention.erasures import KEY
from knowledge.tables import metadata

_OWN_WORKING = frozenset({"alembic_version", "fact", "heartbeat", "timed"})
"""What a desk writes by being started, before anybody has put anything in."""


class Standing(StrEnum):
    """What is there."""

    NOTHING = "nothing"
    EMPTY = "an empty record"
    COPY = "a copy"
    RECORD = "a record"


class Mark(NamedTuple):
    """What a copy knows of itself. `record`: which record it is of; `digest`: of what it held when it was made."""

    record: str
    digest: str
    at: str


def standing(connection: Connection) -> Standing:
    """What is there. Raises CopyError for tables that are not a desk's."""
    there = set(sa.inspect(connection).get_table_names())
    if "alembic_version" not in there and not there & set(metadata.tables):
        return Standing.NOTHING
    if not {"alembic_version", "fact"} <= there:
        raise CopyError("there are tables that are not a desk's: name a database, or a schema, of its own")
    if mark_of_copy(connection):
        return Standing.COPY
    holds = any(_has_rows(connection, name) for name in there & set(metadata.tables) - _OWN_WORKING)
    return Standing.RECORD if holds else Standing.EMPTY


def mark_of_copy(connection: Connection) -> Mark | None:
    """What a copy knows of itself; None for a record that is none."""
    held = fact(connection, MARK)
    return Mark(**json.loads(held)) if held else None


def mark_as_copy(connection: Connection, record: str, digest: str, now: datetime) -> None:
    """Writes down that this is a copy of that record."""
    set_fact(connection, MARK, json.dumps(Mark(record, digest, now.isoformat())._asdict()))


def own_again(connection: Connection) -> None:
    """A copy becomes a record like any other."""
    connection.execute(sa.delete(metadata.tables["fact"]).where(metadata.tables["fact"].c.name == MARK))


def name_of(connection: Connection) -> str:
    """What tells this record from every other, the same in its copies: not to be shown."""
    return fact(connection, KEY) or ""


def take_away(connection: Connection) -> None:
    """Drops a desk's tables, within a transaction: until it is committed, nothing is lost."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
    metadata.drop_all(connection)
    connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS audit_stands()")


def _has_rows(connection: Connection, name: str) -> bool:
    return connection.execute(sa.select(sa.literal(1)).select_from(metadata.tables[name]).limit(1)).first() is not None
