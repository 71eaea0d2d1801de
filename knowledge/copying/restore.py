"""A backup put back: checked, brought to this version, what was erased since erased again; then put in place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import Connection

from knowledge.audit import Deed, account
from knowledge.copying.backup import integrity
from knowledge.copying.bundle import RECORD, About, open_bundle
from knowledge.copying.copying import check_same, moment
from knowledge.copying.moving import copy_into
from knowledge.copying.nouns import Copied, CopyError, Tell, nobody
from knowledge.copying.rows import sums_of
from knowledge.copying.standing import Standing, own_again, standing
from knowledge.facts import fact, set_fact
from knowledge.migrating import alone
from knowledge.retention.erasures import Entry, Erasures
from knowledge.store import HEAD, Store

OCCUPIED = "there is a record with something in it already: --replace puts the backup in its place"
_EDITIONS = ("edition", "register_edition")


class Unpacked(NamedTuple):
    """A backup that was checked, as a record in a folder. `erased`: the erasures that it brings."""

    store: Store
    about: About
    erased: list[Entry]


def unpack(path: Path, folder: Path) -> Unpacked:
    """Unpacks a backup, checks it, and brings its record to this version. Raises CopyError."""
    about = open_bundle(path, folder)
    if about.version > HEAD:
        raise CopyError(f"the backup is of version {about.version}, this desk is {HEAD}: install a newer one")
    store = Store(f"sqlite:///{folder / RECORD}")
    try:
        integrity(store)
        if about.version == HEAD:
            with moment(store) as read:
                check_same(dict(about.sums), sums_of(read))
        store.migrate()
        return Unpacked(store, about, Erasures(folder / "erasures.jsonl").all())
    except BaseException:
        store.close()
        raise


def put_in_place(
    unpacked: Store, target: Store, now: datetime, *, replace: bool, erased_again: int, tell: Tell = nobody
) -> Copied:
    """Copies it into an empty place, or with `replace` in the place of what is there, in one transaction. Raises
    CopyError, and has changed nothing then."""
    with moment(unpacked) as read, target.writing() as write:
        alone(write)
        found = standing(write)
        if found in (Standing.RECORD, Standing.COPY) and not replace:
            raise CopyError(OCCUPIED)
        before = {} if found is Standing.NOTHING else {name: fact(write, name) for name in _EDITIONS}
        copied = copy_into(read, write, tell)
        own_again(write)
        _raise_editions(write, before, now)
        counts = {"rows": copied.rows, "erased_again": erased_again}
        account(write, Deed.IMPORTED, "list", "backup", now, counts=counts)
    if target.dialect == "sqlite":
        empty_log(target)
    return copied


def _raise_editions(connection: Connection, before: dict[str, str | None], now: datetime) -> None:
    """No index of any machine was ever built from this record as it is now, though it may have had the same edition:
    the seconds of the clock are higher than any edition that was counted up to."""
    for name in _EDITIONS:
        known = max(int(fact(connection, name) or 0), int(before.get(name) or 0))
        set_fact(connection, name, str(max(known + 1, int(now.timestamp()))))


def empty_log(target: Store) -> None:
    """What SQLite has in its log goes into its file, where nobody reads meanwhile."""
    with target.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
