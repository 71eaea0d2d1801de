"""Index files: SQLite files that are derived from the record, carry a stamp of what they were built from, and are
swapped for a new one whole."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlite_utils import Database

from knowledge.away import away_of

_PREFIX = ".index-"
_LEFT = 3600.0
"""Seconds after its last change from which a new index counts as left behind by a process that was killed."""


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
    """Fills a new index beside the old one, then puts it in its place in one step. It keeps no journal, which memory
    would hold: what fails halfway is thrown away."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear(path.parent)
    handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=".db", dir=path.parent)
    os.close(handle)
    try:
        connection = sqlite3.connect(name)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = OFF")
        db = Database(connection)
        try:
            db.table("meta").create({"name": str, "value": str}, pk="name")
            fill(db)
            db.table("meta").insert({"name": "stamp", "value": stamp})
        finally:
            db.close()
        os.replace(name, path)
    except sqlite3.OperationalError as error:
        raise away_of(error) or error from error
    finally:
        Path(name).unlink(missing_ok=True)


def _clear(folder: Path) -> None:
    """Deletes what killed processes left: it takes room, and holds what may have been removed from the record since."""
    for left in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT:
                left.unlink()
