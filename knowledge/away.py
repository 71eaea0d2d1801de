"""The record being away: busy, out of room, or not answering. Nothing is wrong with what was asked, and nothing of it
was kept: it can be asked again as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_FULL = sqlite3.SQLITE_FULL
_AWAY = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})
_PRIMARY = 0xFF
"""The part of SQLite's error codes that says which error it is; the rest says where."""
_LOCKED, _NO_ROOM = ("40001", "40P01", "55P03", "57014"), ("53100",)
"""PostgreSQL's codes: two transactions in each other's way, a lock not had, cut off; the disk is full."""
_SAID = {
    "busy": "the record is busy: another program has been writing to it for too long. Try again in a moment",
    "full": "the disk is full, and nothing of this was kept. Make room, then do it again",
    "gone": "the record does not answer. Nothing of this was kept; try again in a moment",
}


def first_line(error: BaseException) -> str:
    """What the database says of an error, without the statement and its values."""
    return str(getattr(error, "orig", error)).strip().split("\n")[0]


class StoreError(Exception):
    """The record cannot be used. Its text says what to do."""


class Away(StoreError):
    """The record cannot be used just now. `reason`: busy, full or gone; its text says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(_SAID[reason])
        self.reason = reason


def as_away(error: BaseException) -> Away | None:
    """The same as Away, where it says that the record is; None for what is wrong with a statement."""
    if isinstance(error, sa.exc.TimeoutError):
        return Away("busy")
    if not isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        return None
    return away_of(error.orig) if isinstance(error.orig, sqlite3.Error) else Away(_of_postgresql(error))


def away_of(error: sqlite3.Error) -> Away | None:
    """The same of what SQLite itself says."""
    reason = _of_sqlite(error)
    return Away(reason) if reason else None


def _of_sqlite(error: sqlite3.Error) -> str:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & _PRIMARY
    return "busy" if code in _BUSY else "full" if code == _FULL else "gone" if code in _AWAY else ""


def _of_postgresql(error: sa.exc.DBAPIError) -> str:
    state = getattr(error.orig, "sqlstate", None) or ""
    return "busy" if state in _LOCKED else "full" if state in _NO_ROOM else "gone"


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turns what the engine raises while the record is away into Away."""
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        raise as_away(error) or error from error
