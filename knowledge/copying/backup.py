"""A backup: one moment of a record, copied into a file while everything runs."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from knowledge.away import Away
from knowledge.copying.bundle import ERASURES, RECORD, About, checksums, room, write_bundle
from knowledge.copying.copying import moment
from knowledge.copying.moving import copy_into, make_place
from knowledge.copying.nouns import Copied, CopyError, Tell, nobody
from knowledge.retention.erasures import Erasures
from knowledge.store import HEAD, Store


def back_up(
    store: Store, erasures: Erasures, path: Path, now: datetime, *, replace: bool = False, tell: Tell = nobody
) -> Copied:
    """Makes the file. `erasures`: the list beside the record. Raises CopyError where the file is there already and is
    not to be replaced, and ErasuresError."""
    if path.exists() and not replace:
        raise CopyError(f"{path} is there already: name another, or --replace it")
    with room(path.resolve().parent) as folder:
        copied = _record(store, folder, tell)
        _erasures(erasures, folder)
        files = checksums(folder, RECORD, ERASURES)
        write_bundle(path, folder, About(HEAD, store.dialect, now, copied.sums, files), replace=replace)
    return copied


def _record(store: Store, folder: Path, tell: Tell) -> Copied:
    made = make_place(f"sqlite:///{folder / RECORD}")
    try:
        with moment(store) as read, made.writing() as write:
            copied = copy_into(read, write, tell)
        settle(made)
    finally:
        made.close()
    return copied


def settle(made: Store) -> None:
    """All of a SQLite record into its one file."""
    with made.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")


def _erasures(erasures: Erasures, folder: Path) -> None:
    """Read after the record: what was erased while that was read is on it."""
    lines = [json.dumps(one._asdict()) + "\n" for one in erasures.all()]
    (folder / ERASURES).write_text("".join(lines), encoding="utf-8")


def integrity(made: Store) -> None:
    """Raises CopyError where SQLite finds its file damaged."""
    try:
        with made.reading() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    except (sa.exc.DatabaseError, Away):
        found = "unreadable"
    if found != "ok":
        raise CopyError("the record in the backup is damaged")
