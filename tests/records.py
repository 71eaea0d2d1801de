"""Records of earlier versions, as their own code made them (see making_records.py), put into either engine."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.copying.numbers import go_on_from
from knowledge.copying.rows import insertion, names
from knowledge.migrating import bring_up
from knowledge.store import Store
from knowledge.tables import metadata

FOLDER = Path(__file__).parent / "data" / "records"
VERSIONS = sorted(path.name.partition(".")[0] for path in FOLDER.glob("*.jsonl.gz"))
_SQLITES_OWN = "sqlite_sequence"


def rows_of(version: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of a record: its table, and its values as SQLite had them."""
    with gzip.open(FOLDER / f"{version}.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            name, row = json.loads(line)
            yield name, {key: bytes.fromhex(v["hex"]) if isinstance(v, dict) else v for key, v in row.items()}


def load(store: Store, version: str) -> None:
    """Makes the tables of that version where there are none, and fills them."""
    with store.writing() as connection:
        bring_up(connection, version)
        load_into(connection, version)


def load_into(connection: Connection, version: str) -> None:
    """Fills them."""
    there = sa.MetaData()
    there.reflect(connection)
    connection.execute(sa.delete(there.tables["fact"]))
    held = {name: [row for _, row in rows] for name, rows in groupby(rows_of(version), lambda one: one[0])}
    for table in there.sorted_tables:
        if table.name not in ("alembic_version", _SQLITES_OWN) and held.get(table.name):
            rows = [_typed(table, row) for row in held[table.name]]
            called = dict(zip((one.name for one in table.columns), names(table), strict=True))
            given = [{called[name]: value for name, value in row.items()} for row in rows]
            connection.execute(insertion(connection, table), given)
    _go_on(connection, held.get(_SQLITES_OWN, []), there)


def _typed(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _as(table.c[name].type, value) for name, value in row.items()}


def _as(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, sa.Boolean):
        return bool(value)
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(f"{value}+00:00")
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return str(value) if isinstance(kind, sa.JSON) else value


def _go_on(connection: Connection, counted: list[dict[str, Any]], there: sa.MetaData) -> None:
    """Numbers go on from where they were."""
    known = {row["name"]: row["seq"] for row in counted}
    for table in metadata.sorted_tables:
        if table.name in there.tables and table.autoincrement_column is not None:
            highest = connection.execute(sa.select(sa.func.max(table.autoincrement_column))).scalar() or 0
            go_on_from(connection, table, max(highest, known.get(table.name, 0)))
