"""Records of every version that was ever released, with people at work in them, come to this one and lose nothing; and
nobody who serves meanwhile stumbles."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from conftest import _database, lacking
from council import DOREEN, PRIYA, RUTH, open_council
from processes import ROOT, child_environment, run_desk
from records import VERSIONS, load, load_into, rows_of

from bot.wiring import Wiring
from handlers.assuring import look
from knowledge import tables
from knowledge.copying.copying import moment
from knowledge.copying.rows import Summing, batches
from knowledge.copying.standing import take_away
from knowledge.migrating import bring_up
from knowledge.retention.erasures import KEY
from knowledge.store import HEAD, Store, StoreError, open_store
from knowledge.timeline.selecting import select
from knowledge.timeline.wishing import Wish
from webhooks import create_app

BEFORE = VERSIONS[-2] if VERSIONS[-1] == HEAD else VERSIONS[-1]
"""The newest version before this one."""


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A place with no tables in it."""
    if request.param == "sqlite":
        made = Store(f"sqlite:///{tmp_path / 'old' / 'record.db'}")
        yield made
        made.close()
        return
    with _database(request.getfixturevalue("postgres"), "bare") as url:
        made = Store(url)
        yield made
        made.close()


def contents(store: Store, of: sa.MetaData | None = None) -> tuple[dict[str, object], sa.MetaData]:
    """What every table holds, by the columns that these tables had, and these tables."""
    with moment(store) as connection:
        if of is None:
            of = sa.MetaData()
            of.reflect(connection)
        found: dict[str, object] = {}
        for table in of.sorted_tables:
            if table.name not in ("alembic_version", "sqlite_sequence"):
                summing = Summing(table)
                for rows in batches(connection, table):
                    summing.add([row for row in rows if KEY not in row])
                found[table.name] = summing.sum()
    return found, of


# --- nothing is lost -------------------------------------------------------------------------------------------------


def test_there_is_a_record_of_every_version() -> None:
    assert [f"{number:04}" for number in range(1, int(HEAD) + 1)] == VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_a_record_of_an_earlier_version_comes_to_this_one_whole(bare: Store, version: str) -> None:
    load(bare, version)
    assert bare.version() == version
    before, were = contents(bare)
    assert sum(one.rows for one in before.values()) >= sum(1 for _ in rows_of(version)) - 20  # type: ignore[attr-defined]
    if version < HEAD:
        with pytest.raises(StoreError, match="run `desk migrate`"):
            open_store(bare.url.render_as_string(hide_password=False))
    bare.migrate()
    assert contents(bare, were)[0] == before, "every value of every row is as it was"
    with bare.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
        assert connection.execute(sa.text("SELECT value FROM fact WHERE name = 'erasure_key'")).scalar()


@pytest.mark.parametrize("version", ["0003", BEFORE])
def test_todays_desk_goes_on_with_an_earlier_record(bare: Store, version: str, sample_wiring: Wiring) -> None:
    load(bare, version)
    bare.migrate()
    council = open_council(bare, sample_wiring.desk)
    council._numbers = count(10_000)  # those of messages in the record are taken
    listed = council.say(DOREEN, "my concerns")
    assert "C-0001" in cast.words_of(listed)
    assert council.moves("C-0001")[:3] == ["raise", "acknowledge", "ask_provider"]
    assert council.press(PRIYA, "acknowledge", "C-0003").concern == "C-0003"
    assert council.concern("C-0003").acknowledged_at
    assert council.raised() == "C-0005", "numbers go on from where they were"
    kinds = {kind for kind, _, state in council.owed() if state == "waiting"}
    assert "raised" in kinds, "what was owed is owed still"
    council.post.deliver()
    assert not council.owed("waiting")
    assert council.errors == []
    with bare.reading() as connection:
        found = select(connection, Wish(past=True), council.clock.date(), count=5)
        assert (found.total > 30) is (version >= "0004")
        look(connection, council.desk)  # what `desk assurance` goes by
    assert council.say(RUTH, "who manages home care in Brenmouth").table


def test_numbers_of_an_earlier_record_are_not_used_again(bare: Store) -> None:
    load(bare, BEFORE)
    bare.migrate()
    held = [row["seq"] for name, row in rows_of(BEFORE) if name == "sqlite_sequence" and row["name"] == "subscription"]
    with bare.writing() as connection:
        s = tables.subscription
        row = dict(connection.execute(sa.select(s).limit(1)).mappings().one())
        del row["id"]
        assert connection.execute(sa.insert(s).values(**row)).inserted_primary_key == (held[0] + 1,)


# --- while the desk serves -------------------------------------------------------------------------------------------


def test_two_migrations_at_once_are_one(bare: Store) -> None:
    load(bare, "0001")
    url = bare.url.render_as_string(hide_password=False)
    versions: list[str | None] = []

    def bring() -> None:
        store = Store(url)
        store.migrate()
        versions.append(store.version())
        store.close()

    threads = [Thread(target=bring) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert versions == [HEAD] * 3


def test_a_migration_lets_others_pass_while_it_waits_for_a_long_reader(postgres: str) -> None:
    """A backup reads every table for minutes: whoever comes after the migration must not wait for it to be over."""
    with _database(postgres, "long_reader") as url:
        store, server = Store(url), Store(url)
        load(store, BEFORE)
        with moment(server) as reader:
            reader.execute(sa.text("SELECT count(*) FROM concern")).scalar()
            reader.execute(sa.text("SELECT count(*) FROM turn")).scalar()
            migration = Thread(target=store.migrate)
            migration.start()
            with server.engine.connect() as connection:
                connection.exec_driver_sql("SET statement_timeout = '5s'")
                for _ in range(20):
                    connection.execute(sa.text("SELECT count(*) FROM concern")).scalar()
                    migration.join(0.05)
            assert migration.is_alive()
        migration.join(30)
        assert store.version() == HEAD
        store.close()
        server.close()


@pytest.fixture
def old_home(county_home: Path, tmp_path: Path) -> Path:
    """The folder of a desk with a record of the version before."""
    home = cast.copy_home(county_home, tmp_path / "desk")
    (home / "record.db").unlink()
    store = Store(f"sqlite:///{home / 'record.db'}")
    load(store, BEFORE)
    store.close()
    return home


@pytest.mark.parametrize("words", [("work", "--once"), ("serve",), ("slack",)])
def test_what_serves_refuses_an_older_record_and_says_what_to_do(old_home: Path, words: tuple[str, ...]) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"} if words == ("slack",) else {}
    refused = run_desk(child_environment(old_home, **tokens), *words, cwd=old_home)
    assert refused.returncode == 1
    expected = f"desk: the record is at version {BEFORE}, this program needs {HEAD}: run `desk migrate`"
    assert refused.stderr.strip().splitlines() == [expected]


def test_the_command_brings_it_up_and_says_so(old_home: Path) -> None:
    done = run_desk(child_environment(old_home), "migrate", "--json", cwd=old_home)
    assert json.loads(done.stdout) == {"before": BEFORE, "after": HEAD}


@pytest.mark.parametrize(("version", "said"), [("9999", "newer than this program"), (None, "is as it was")])
def test_what_cannot_be_brought_up_is_told_in_a_line(old_home: Path, version: str | None, said: str) -> None:
    record = old_home / "record.db"
    if version is None:
        for path in old_home.glob("record.db*"):
            path.unlink()
        record.write_bytes(b"no record at all, " * 200)
    else:
        store = Store(f"sqlite:///{record}")
        with store.writing() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": version})
        store.close()
    refused = run_desk(child_environment(old_home), "migrate", cwd=old_home)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_web_process_that_came_up_before_the_record_was_is_ready_once_it_is(old_home: Path) -> None:
    app = create_app(Wiring(cast.settings(old_home)))
    client = app.test_client()
    before = client.get("/readyz")
    assert (before.status_code, f"at version {BEFORE}" in before.get_data(as_text=True)) == (503, True)
    assert client.get("/healthz").status_code == 200
    store = Store(f"sqlite:///{old_home / 'record.db'}")
    store.migrate()
    store.close()
    assert client.get("/readyz").status_code == 200
    assert client.get("/timeline").status_code == 200


def test_a_web_process_under_which_the_record_changes_says_so_and_recovers(marlshire: Wiring) -> None:
    """An older record is put underneath it, and brought up: no restart is needed."""
    client = create_app(marlshire).test_client()
    assert client.get("/readyz").status_code == 200
    other = Store(marlshire.settings.store_url)
    with other.writing() as connection:
        take_away(connection)
        bring_up(connection, BEFORE)
        load_into(connection, BEFORE)
    before = client.get("/readyz")
    assert before.status_code == 503
    assert (BEFORE in before.get_data(as_text=True), HEAD in before.get_data(as_text=True)) == (True, True)
    other.migrate()
    other.close()
    assert client.get("/readyz").status_code == 200
    assert client.get("/timeline").status_code == 200


# --- the code of the version before, over a record that is brought up underneath it ----------------------------------


def commit_before() -> str:
    """The last commit of the history at which the version before was the newest."""
    wanted = f'HEAD = "{HEAD}"'
    words = ["git", "log", "--format=%H", "--reverse", f"-S{wanted}", "--", "knowledge/store.py"]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True).stdout.split()
    if not found:
        lacking("the history of this repository")
    return f"{found[0]}^"


@pytest.fixture
def code_before(tmp_path: Path) -> Path:
    """The code of the version before, from the history."""
    if not shutil.which("git"):
        lacking("git")
    packed = subprocess.run(["git", "archive", commit_before()], cwd=ROOT, capture_output=True)
    if packed.returncode:
        lacking("the history of this repository")
    folder = tmp_path / "before"
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
    return folder


SERVING = """
import itertools, sys, threading
from pathlib import Path
import cast
from bot.wiring import Wiring
from council import DOREEN, PRIYA, open_council
from knowledge.store import HEAD
from webhooks import create_app

wiring = Wiring(cast.settings(Path(sys.argv[1]), **({"DATABASE_URL": sys.argv[2]} if len(sys.argv) > 2 else {})))
app = create_app(wiring)
council = open_council(wiring.store, wiring.desk)
council._numbers = itertools.count(10_000)  # those of messages in the record are taken
seen, stop, client = set(), threading.Event(), app.test_client()

def look():
    for path in ("/", "/timeline", "/documents", "/healthz"):
        seen.add((path, client.get(path).status_code))

def act():
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.say(DOREEN, "what is coming in adult social care?")
    council.post.deliver()

def run(one):
    try:
        while not stop.is_set():
            one()
    except BaseException as error:
        council.errors.append(error)

look()
act()

threads = [threading.Thread(target=run, args=(one,)) for one in (look, act)]
for thread in threads:
    thread.start()
print("serving", HEAD, flush=True)
sys.stdin.readline()
stop.set()
for thread in threads:
    thread.join()
look()
reference = council.raised()
council.press(PRIYA, "acknowledge", reference)
council.press(PRIYA, "reply", reference, text="It is mended.")
ready = app.test_client().get("/readyz")
print({"seen": sorted(seen), "errors": [repr(one)[:300] for one in council.errors],
       "moves": council.moves(reference), "ready": [ready.status_code, ready.get_data(as_text=True)]})
"""


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_code_of_the_version_before_serves_on_while_the_record_is_brought_up(
    old_home: Path, code_before: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    if engine == "postgresql":
        with _database(request.getfixturevalue("postgres"), "served") as url:
            load(store := Store(url), BEFORE)
            told = _served(code_before, old_home, store, url)
    else:
        told = _served(code_before, old_home, Store(f"sqlite:///{old_home / 'record.db'}"))
    assert told["errors"] == []
    assert {status for _, status in told["seen"]} == {200}, told["seen"]
    assert told["moves"] == ["raise", "acknowledge", "reply"]
    assert told["ready"][0] == 503, "it is taken out of service until its own code is brought up"
    assert HEAD in told["ready"][1]


def _served(code: Path, home: Path, store: Store, *more: str) -> dict[str, Any]:
    environment = {**child_environment(home), "PYTHONPATH": f"{code}:{code / 'tests'}"}
    with subprocess.Popen(
        [sys.executable, "-c", SERVING, home, *more], cwd=code, env=environment, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout
        first = child.stdout.readline()
        assert first == f"serving {BEFORE}\n", first
        store.migrate()
        version = store.version()
        store.close()
        rest, _ = child.communicate("stop\n", timeout=60)
    assert version == HEAD
    told: dict[str, Any] = ast.literal_eval(rest)
    return told
