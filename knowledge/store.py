"""The record: one relational database, SQLite or PostgreSQL, by the same code.

Two kinds of transaction, never mixed: `reading()` sees one moment and takes no lock, `writing()` is one of a line
(SQLite: BEGIN IMMEDIATE). A record that does not exist is made; an older one is changed only by `migrate()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from knowledge.away import Away, StoreError, first_line, said_plainly
from knowledge.migrating import in_a_quiet_moment
from knowledge.turn import Turn

HEAD = "0007"
"""The newest migration. A test holds it to the files in `migrations/versions`."""

PATIENCE = 10.0
"""Seconds to wait for a connection, or for a SQLite record that somebody else is writing to. An address may say
otherwise: `?timeout=2` for SQLite, `?connect_timeout=2` for PostgreSQL."""
_PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON")
"""The last: what is deleted is overwritten, so that it is not in the file any more."""


_PATIENT = {"connect_timeout": int(PATIENCE), "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
            "tcp_user_timeout": 30_000}  # fmt: skip
"""What libpq is told: without it a server whose machine has gone, and says nothing any more, is waited for a quarter of
an hour."""


class Store:
    """An open record. `url` is SQLAlchemy's: sqlite:///path or postgresql+psycopg://..."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.engine = _engine(self.url)
        self._turn = Turn(float(str(self.url.query.get("timeout", PATIENCE))))

    @property
    def dialect(self) -> str:
        """sqlite or postgresql."""
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, and sees the record as it stood when it first looked, however long it reads:
        an index is built from one edition, whatever is taken in meanwhile. Raises Away."""
        with said_plainly(), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN DEFERRED")
            else:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, undone by any exception. Raises Away. With SQLite a
        process's threads wait here for their turn: in SQLite's own queue each sleeps and looks again, and some wait for
        seconds."""
        with said_plainly(), self._turn.taken(self.dialect == "sqlite"), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.commit()
            except BaseException:
                with suppress(sa.exc.DBAPIError):  # a connection that is gone has nothing left to undo
                    connection.rollback()
                raise

    def now(self, connection: Connection) -> datetime:
        """The database's clock, the only one that all machines share."""
        if self.dialect == "postgresql":
            return aware(connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one())
        return datetime.now(UTC)

    def version(self) -> str | None:
        """The migration the record stands at; None where there is no record yet."""
        with self.reading() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()

    def migrate(self) -> str | None:
        """Brings the record to HEAD. One process at a time; the others wait and find it done. Returns the version it
        was at. Raises StoreError where the record is newer, or for so long in use that it had no turn."""
        try:
            if (version := self.version()) is not None and version > HEAD:
                raise WrongVersion(_newer(version))
            in_a_quiet_moment(self.writing)
            return version
        except (sa.exc.DatabaseError, Away) as error:
            self.close()
            raise StoreError(f"the record at {safe_url(self.url)} is as it was: {_cause_of(error)}") from None

    def close(self) -> None:
        """Lets go of every connection."""
        self.engine.dispose()


class WrongVersion(StoreError):
    """The record is older or newer than this program. Its text names both versions, and no place."""


class Rehearsal(Store):
    """A record in which nothing that is written stays: for saying what would be done."""

    def __init__(self, store: Store) -> None:
        self.__dict__.update(store.__dict__)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is undone at its end."""
        with super().writing() as connection:
            point = connection.begin_nested()
            yield connection
            point.rollback()


def open_store(url: str) -> tuple[Store, bool]:
    """The record at this address and whether it was made just now. Raises StoreError where it is older or newer
    than this code, or cannot be reached."""
    try:
        store = Store(url)
    except OSError as error:
        raise StoreError(f"the record at {safe_url(sa.make_url(url))} cannot be made: {error}") from None
    try:
        version = store.version()
        if version is None:
            store.migrate()
            return store, True
    except (sa.exc.DatabaseError, Away) as error:
        store.close()
        raise StoreError(f"the record at {safe_url(store.url)} cannot be opened: {_cause_of(error)}") from None
    if version != HEAD:
        store.close()
    if version < HEAD:
        raise WrongVersion(f"the record is at version {version}, this program needs {HEAD}: run `desk migrate`")
    if version > HEAD:
        raise WrongVersion(_newer(version))
    return store, False


def _newer(version: str) -> str:
    return f"the record is at version {version}, newer than this program ({HEAD}): install a newer desk"


def safe_url(url: sa.URL) -> str:
    """The address without its password."""
    return url.render_as_string(hide_password=True)


def insert(connection: Connection, table: sa.Table) -> Any:
    """A statement that writes rows, and can say what is to become of those that are there: each engine has its own."""
    from sqlalchemy.dialects import postgresql, sqlite

    engine: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return engine.insert(table)


def insert_new(connection: Connection, table: sa.Table) -> Any:
    """A statement that writes rows which are not there yet, and leaves those that are."""
    return insert(connection, table).on_conflict_do_nothing()


def _cause_of(error: BaseException) -> str:
    return first_line(error.__cause__ or error)


def aware(moment: datetime) -> datetime:
    """A moment in UTC; SQLite gives them back without their zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _engine(url: sa.URL) -> Engine:
    """Values are kept out of what errors say: a traceback may end in a log."""
    if url.get_backend_name() != "sqlite":
        patient = {name: value for name, value in _PATIENT.items() if name not in url.query}
        return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=patient)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    patience = float(str(url.query.get("timeout", PATIENCE)))
    args = {"timeout": patience, "check_same_thread": False}
    engine = sa.create_engine(url, hide_parameters=True, connect_args=args)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # our transactions say BEGIN themselves
        for pragma in (f"busy_timeout={int(patience * 1000)}", *_PRAGMAS):
            connection.execute(f"PRAGMA {pragma}")

    return engine
