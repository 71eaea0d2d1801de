"""Every table of a record, copied from one moment of it into tables that are empty, and added up on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.copying.fitting import Fitting
from knowledge.copying.nouns import Copied, CopyError, Sum, Tell, nobody
from knowledge.copying.numbers import go_on_from, last_number
from knowledge.copying.rows import Row, Summing, batches, insertion, names, sums_of, tables
from knowledge.store import Store


@contextmanager
def moment(store: Store) -> Iterator[Connection]:
    """One moment of a record, while others write: SQLite's read transaction is that, PostgreSQL's must be asked for."""
    with store.engine.connect() as connection:
        if store.dialect == "sqlite":
            connection.exec_driver_sql("BEGIN DEFERRED")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
        try:
            yield connection
        finally:
            connection.rollback()


def copy_tables(source: Connection, target: Connection, tell: Tell = nobody) -> Copied:
    """Copies them. `source`: one moment of a record; `target`: a transaction in which the tables are empty. Raises
    CopyError where a row cannot be held, and where the sums of what was written are not those of what was read."""
    of = sum(count_of(source).values())
    read: dict[str, Sum] = {}
    without_nul = 0
    for table in tables():
        done = sum(one.rows for one in read.values())
        how_far = partial(_tell, tell, table.name, done, of)
        read[table.name], left_out = _copy(source, target, table, how_far)
        without_nul += left_out
        go_on_from(target, table, last_number(source, table))
    tell("checking", of, of)
    check_same(read, sums_of(target))
    return Copied(read, without_nul)


def _tell(tell: Tell, name: str, done: int, of: int, more: int) -> None:
    tell(name, done + more, of)


def count_of(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {table.name: int(connection.execute(_counting(table)).scalar_one()) for table in tables()}


def _counting(table: sa.Table) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table)


def check_same(read: dict[str, Sum], written: dict[str, Sum]) -> None:
    """Raises CopyError, naming the tables whose rows or sums differ."""
    wrong = [name for name in read if read[name] != written.get(name)]
    if wrong:
        raise CopyError(f"what was written is not what was read, in: {', '.join(wrong)}")


def _copy(source: Connection, target: Connection, table: sa.Table, how_far: Callable[[int], None]) -> tuple[Sum, int]:
    """One table. Returns its sum and how many texts had a NUL."""
    summing, fitting, within = Summing(table), Fitting(table), _within(table)
    statement, called = insertion(target, table), names(table)
    for rows in batches(source, table):
        summing.add(rows)
        fitted = fitting.fit(rows) if target.dialect.name == "postgresql" else rows
        _write(target, statement, called, [_without(row, within) for row in fitted], table)
        how_far(summing.rows)
    _link(source, target, table, within)
    return summing.sum(), fitting.without_nul


def _write(target: Connection, statement: sa.Insert, called: list[str], rows: Sequence[Row], table: sa.Table) -> None:
    if not rows:
        return
    try:
        target.execute(statement, [dict(zip(called, row, strict=True)) for row in rows])
    except (sa.exc.DataError, sa.exc.IntegrityError) as error:
        raise CopyError(f"{table.name}: a row cannot be held there ({type(error.orig).__name__})") from None


def _within(table: sa.Table) -> frozenset[int]:
    """The places of columns that point into their own table, perhaps to a row that comes later."""
    own = {one.parent.name for one in table.foreign_keys if one.column.table is table}
    return frozenset(place for place, column in enumerate(table.columns) if column.name in own)


def _without(row: Row, places: frozenset[int]) -> Row:
    return tuple(None if place in places else value for place, value in enumerate(row)) if places else row


def _link(source: Connection, target: Connection, table: sa.Table, places: frozenset[int]) -> None:
    """Once all its rows are there, they point to each other."""
    key = list(table.primary_key.columns)
    for column in (one for place, one in enumerate(table.columns) if place in places):
        query = sa.select(*key, column.label("v_points_to")).where(column.isnot(None))
        found = source.execute(query).mappings().all()
        where = sa.and_(*(one == sa.bindparam(f"k_{one.name}") for one in key))
        called = {one.name: f"k_{one.name}" for one in key} | {"v_points_to": "v_points_to"}
        given = [{called[name]: value for name, value in row.items()} for row in found]
        if given:
            target.execute(sa.update(table).where(where).values({column: sa.bindparam("v_points_to")}), given)
