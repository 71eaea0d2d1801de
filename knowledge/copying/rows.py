"""The rows of a table as either engine gives them, in one form; and the sum over them.

JSON is carried as its text: read and written as values, an empty column and a JSON `null` would become the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from knowledge.copying.nouns import Sum
from knowledge.store import aware
from knowledge.tables import metadata

NOT_COPIED = frozenset({"heartbeat"})
"""A worker of one record is none of the other."""
MARK = "copied_from"
"""The fact by which a copy is known; it is not copied on."""
_BATCH, _BATCH_OF_FILES = 1_000, 4
_MODULUS = 1 << 256

Row = tuple[Any, ...]


def tables() -> list[sa.Table]:
    """Those that are copied, each after those it points to."""
    return [table for table in metadata.sorted_tables if table.name not in NOT_COPIED]


def batches(connection: Connection, table: sa.Table) -> Iterator[list[Row]]:
    """Every row, some at a time: few of those that hold files."""
    size = _BATCH_OF_FILES if any(isinstance(one.type, sa.LargeBinary) for one in table.columns) else _BATCH
    found = connection.execute(_everything(connection, table), execution_options={"yield_per": size})
    for part in found.partitions():
        yield [tuple(map(_plain, row)) for row in part]


def _everything(connection: Connection, table: sa.Table) -> sa.Select[Any]:
    query = sa.select(*(_read(connection, column) for column in table.columns))
    return query.where(table.c.name != MARK) if table.name == "fact" else query


def _read(connection: Connection, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    if not isinstance(column.type, sa.JSON):
        return column
    read = sa.cast if connection.dialect.name == "postgresql" else sa.type_coerce
    return read(column, sa.Text).label(column.name)


def _plain(value: Any) -> Any:
    """Moments in UTC with their zone, bytes as bytes."""
    if isinstance(value, datetime):
        return aware(value)
    return bytes(value) if isinstance(value, memoryview) else value


def insertion(connection: Connection, table: sa.Table) -> sa.Insert:
    """A statement that writes such rows, each value under `names(table)`."""
    return sa.insert(table).values({one: _written(connection, one) for one in table.columns})


def names(table: sa.Table) -> list[str]:
    """What values of a row are called in the statement, in the columns' order."""
    return [f"v_{column.name}" for column in table.columns]


def _written(connection: Connection, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    if not isinstance(column.type, sa.JSON):
        return sa.bindparam(f"v_{column.name}", type_=column.type)
    text = sa.bindparam(f"v_{column.name}", type_=sa.Text())
    return sa.cast(text, postgresql.JSON) if connection.dialect.name == "postgresql" else text


class Summing:
    """Adds up the rows of a table. `rows`: how many there were so far."""

    def __init__(self, table: sa.Table) -> None:
        self._in_json = _json_places(table)
        self.rows, self._total = 0, 0

    def add(self, rows: Sequence[Row]) -> None:
        """Takes these in, in any order."""
        for row in rows:
            self._total += int.from_bytes(hashlib.sha256(self._bytes(row)).digest(), "big")
        self._total %= _MODULUS
        self.rows += len(rows)

    def sum(self) -> Sum:
        """What there is so far."""
        return Sum(self.rows, f"{self._total:064x}")

    def _bytes(self, row: Row) -> bytes:
        parts = (_canonical(value, place in self._in_json) for place, value in enumerate(row))
        return repr(tuple(parts)).encode()


def _canonical(value: Any, in_json: bool) -> Any:
    if in_json and value is not None:
        return json.dumps(json.loads(str(value)), sort_keys=True)
    if isinstance(value, date):  # and a moment
        return value.isoformat()
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return value.replace("\0", "") if isinstance(value, str) else value


@cache
def _json_places(table: sa.Table) -> frozenset[int]:
    return frozenset(place for place, one in enumerate(table.columns) if isinstance(one.type, sa.JSON))


def sums_of(connection: Connection) -> dict[str, Sum]:
    """What every table holds."""
    found = {}
    for table in tables():
        summing = Summing(table)
        for rows in batches(connection, table):
            summing.add(rows)
        found[table.name] = summing.sum()
    return found
