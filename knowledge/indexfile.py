"""Index files: SQLite files that are derived from the record, carry a stamp of what they were built from, and are
swapped for a new one whole."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database


def open_for_reading(path: Path) -> sqlite3.Connection:
    """An index file, for any thread. As a proper URI, because a folder's name may hold "#", "?" or "%"."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)


def stamp_of(path: Path) -> str:
    """What an index was built from, or "" where it cannot be read. Looks through the whole file: only at opening."""
    return _stamp(path, whole=True)


def stamp_said(path: Path) -> str:
    """What an index says that it was built from, "" where it says nothing: for a look from time to time, which costs
    the same however large the index is."""
    return _stamp(path, whole=False)


def _stamp(path: Path, *, whole: bool) -> str:
    if not path.is_file():
        return ""
    try:
        connection = open_for_reading(path)
        try:
            if whole and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                return ""
            return str(connection.execute("SELECT value FROM meta WHERE name = 'stamp'").fetchone()[0])
        finally:
            connection.close()
    except (sqlite3.DatabaseError, TypeError):
        return ""


def write_index(path: Path, stamp: str, fill: Callable[[Database], None]) -> None:
    """Fills a new index beside the old one, then puts it in its place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".index-", suffix=".db", dir=path.parent)
    os.close(handle)
    try:
        connection = sqlite3.connect(name)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        db = Database(connection)
        try:
            db.table("meta").create({"name": str, "value": str}, pk="name")
            fill(db)
            db.table("meta").insert({"name": "stamp", "value": stamp})
            db.vacuum()
        finally:
            db.close()
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
