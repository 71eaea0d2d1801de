"""The numbers that tables give out: which was the last, so that none is given twice."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def last_number(connection: Connection, table: sa.Table) -> int:
    """The highest number this table has ever given, as far as the engine knows; 0 for none, or where it gives none."""
    if table.autoincrement_column is None:
        return 0
    highest = connection.execute(sa.select(sa.func.max(table.autoincrement_column))).scalar() or 0
    counted = _postgresql(connection, table) if connection.dialect.name == "postgresql" else _sqlite(connection, table)
    return max(highest, counted)


def go_on_from(connection: Connection, table: sa.Table, number: int) -> None:
    """The next number is a higher one. SQLite keeps count only for tables whose numbers must outlive their rows."""
    if not number or table.autoincrement_column is None:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT setval(CAST(:s AS regclass), :n)"), {"s": _sequence(table), "n": number})
    elif table.dialect_options["sqlite"]["autoincrement"]:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :t"), {"t": table.name})
        given = {"t": table.name, "n": number}
        connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:t, :n)"), given)


def _sequence(table: sa.Table) -> str:
    assert table.autoincrement_column is not None  # noqa: S101 - both callers have looked
    return f'"{table.name}_{table.autoincrement_column.name}_seq"'


def _postgresql(connection: Connection, table: sa.Table) -> int:
    found = connection.exec_driver_sql(f"SELECT last_value, is_called FROM {_sequence(table)}").one()  # noqa: S608
    return int(found.last_value) if found.is_called else 0


def _sqlite(connection: Connection, table: sa.Table) -> int:
    query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :t")
    return int(connection.execute(query, {"t": table.name}).scalar() or 0)
