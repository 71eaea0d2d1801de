"""A whole record, moved to another place: all of it at once, or nothing.

What is written in the other place is one transaction there. Broken off at any moment, it leaves what was there before,
and can begin again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.away import Away, first_line
from knowledge.copying.copying import copy_tables, moment
from knowledge.copying.nouns import Copied, CopyError, Tell, digest_of, nobody
from knowledge.copying.rows import sums_of
from knowledge.copying.standing import Standing, mark_as_copy, mark_of_copy, name_of, standing, take_away
from knowledge.migrating import alone, bring_up
from knowledge.store import HEAD, Store, safe_url

Clear = Callable[[Connection, Connection], None]
"""Makes room for a copy: is given the moment of the source, and a transaction in the target."""


def existing(url: str) -> Store:
    """A record that is there, at the version of this desk. Makes nothing. Raises CopyError."""
    store = there(url)
    if store is None or (version := _version(store)) is None:
        raise CopyError(f"there is no record at {safe_url(sa.make_url(url))}")
    if version != HEAD:
        store.close()
        what = "run `desk migrate` there first" if version < HEAD else "install a newer desk"
        raise CopyError(f"the record at {safe_url(store.url)} is at version {version}, this desk needs {HEAD}: {what}")
    return store


def there(url: str) -> Store | None:
    """What is at an address, be it anything; None for a SQLite file that is not there."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        return None
    return Store(url)


def make_place(url: str) -> Store:
    """The place a record goes to. A SQLite file is made so that only its owner reads it."""
    path = Path(sa.make_url(url).database or "") if url.startswith("sqlite") else None
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return Store(url)


def move(source: Store, target: Store, now: datetime, *, again: bool = False, tell: Tell = nobody) -> Copied:
    """Copies a record into an empty place. `again`: in the place of an earlier copy of it, in which nothing has been
    written since. Raises CopyError, and has changed nothing then."""
    with moment(source) as read, target.writing() as write:
        alone(write)  # another copy may have come here while we waited
        make_room(read, write, again=again)
        copied = copy_into(read, write, tell)
        mark_as_copy(write, _known_as(read), copied.digest, now)
    return copied


def copy_into(read: Connection, write: Connection, tell: Tell = nobody) -> Copied:
    """Makes the tables where there are none, and copies into them what a moment of a record holds."""
    take_away(write)
    bring_up(write)
    write.exec_driver_sql("DELETE FROM fact")  # what a record is made with
    return copy_tables(read, write, tell)


def make_room(read: Connection, write: Connection, *, again: bool) -> None:
    """Raises CopyError where what stands there must not be replaced."""
    found = standing(write)
    if found is Standing.RECORD:
        raise CopyError("somebody's record is there already: it is never overwritten by a move")
    mark = mark_of_copy(write) if found is Standing.COPY else None
    if mark is None:
        return
    if mark.record != _known_as(read):
        raise CopyError("the copy of another record is there: it is never overwritten by a move")
    if not again:
        raise CopyError(f"this record was copied there already, at {mark.at}: --again copies it once more")
    if digest_of(sums_of(write)) != mark.digest:
        raise CopyError("the copy that is there has been written to since: it is a record of its own now")


def stood_still(source: Store, copied: Copied) -> bool:
    """Whether nothing has been written to a record since it was copied."""
    with moment(source) as read:
        return digest_of(sums_of(read)) == copied.digest


def same_place(one: str, other: str) -> bool:
    """Whether two addresses name one place, as far as their words tell. Raises CopyError for what is no address."""
    first, second = _parsed(one), _parsed(other)
    if "sqlite" in (first.get_backend_name(), second.get_backend_name()):
        paths = [os.path.realpath(url.database or "") for url in (first, second)]
        return first.get_backend_name() == second.get_backend_name() and paths[0] == paths[1]
    return (first.host, first.port or 5432, first.database) == (second.host, second.port or 5432, second.database)


def _parsed(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise CopyError("an address of a record is sqlite:///path, or postgresql+psycopg://...") from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise CopyError("an address of a record is sqlite:///path, or postgresql+psycopg://...")
    return parsed


def _known_as(connection: Connection) -> str:
    return hashlib.sha256(f"record:{name_of(connection)}".encode()).hexdigest()[:32]


def _version(store: Store) -> str | None:
    try:
        return store.version()
    except (sa.exc.DatabaseError, Away) as error:
        store.close()
        reason = first_line(error)
        raise CopyError(f"the record at {safe_url(store.url)} cannot be opened: {reason}") from None
