"""A record is brought to a later version, beside whoever is using it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

_MIGRATING = 4_701_533_262
"""The number of the PostgreSQL lock that lets one process migrate at a time."""
_LOCK = 500
"""Milliseconds for which a migration waits for a table: shorter than PostgreSQL's deadlock_timeout."""
_PATIENCE = 150.0
"""Seconds for which it tries."""
_IN_USE = ("55P03", "SQLITE_BUSY")
"""How each engine says that somebody else has it."""


def bring_up(connection: Connection, to: str = "head") -> None:
    """Makes the tables within a transaction that writes, or brings those of an older record to a later version."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    alone(connection)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def alone(connection: Connection) -> None:
    """Waits until nobody else makes or changes tables, and keeps others from it until this transaction ends. With
    SQLite whoever writes is alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATING)))


def in_a_quiet_moment(writing: Callable[[], AbstractContextManager[Connection]]) -> None:
    """Brings a record to the newest version, in a transaction that `writing` opens. PostgreSQL: whoever waits to change
    a table holds up all who come to it later, so it waits briefly, and lets them pass before it tries again; and it
    gives way before the server looks for a deadlock, whose victim might be they."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            with writing() as connection:
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK}ms'")
                bring_up(connection)
                return
        except Exception as error:
            if not _in_use(error) or time.monotonic() > end:
                raise
            time.sleep(_LOCK / 1_000)


def _in_use(error: BaseException) -> bool:
    """Whether somebody else had what was wanted."""
    said = getattr(error.__cause__ or error, "orig", error)
    return (getattr(said, "sqlstate", None) or getattr(said, "sqlite_errorname", "")) in _IN_USE
