"""A backup is one moment of the record, whole and checked; restoring one loses nothing and brings nothing back that was
erased."""

from __future__ import annotations

import hashlib
import json
import os
import random
import sqlite3
import stat
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import cast
import pytest
import sqlalchemy as sa
from council import MONDAY, PRIYA, Council
from processes import child_environment, run_desk
from records import FOLDER, load

from bot.wiring import Wiring
from handlers.desk import utc_now
from knowledge import tables
from knowledge.copying import CopyError
from knowledge.copying.backup import back_up
from knowledge.copying.bundle import ABOUT, RECORD, room
from knowledge.copying.copying import moment
from knowledge.copying.moving import make_place
from knowledge.copying.nouns import digest_of
from knowledge.copying.restore import put_in_place, unpack
from knowledge.copying.rows import sums_of
from knowledge.outbox.heartbeats import beat
from knowledge.retention.erasures import Erasures
from knowledge.store import HEAD, Store, open_store

NONE = Erasures()
TEXT = "the carer has not come to Mrs Winterbourne of Gullhaven three mornings running"


def digest(store: Store) -> str:
    with moment(store) as connection:
        return digest_of(sums_of(connection))


def digest_at(tmp_path: Path) -> str:
    with closing(Store(f"sqlite:///{tmp_path / 'desk' / 'record.db'}")) as store:
        return digest(store)


def ask(store: Store, query: sa.Executable) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def restored(file: Path, target: Store, tmp_path: Path, *, replace: bool = False) -> None:
    with room(tmp_path) as folder:
        unpacked = unpack(file, folder)
        with closing(unpacked.store):
            put_in_place(unpacked.store, target, MONDAY, replace=replace, erased_again=0)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Where a backup is restored to."""
    if request.param == "postgresql":
        yield request.getfixturevalue("postgresql_store")
        return
    made = make_place(f"sqlite:///{tmp_path / 'place' / 'record.db'}")
    yield made
    made.close()


def without_editions(store: Store) -> dict[str, object]:
    """What a record holds, less what restoring adds to it."""
    with moment(store) as connection:
        found: dict[str, object] = dict(sums_of(connection))
    del found["fact"], found["audit"]
    return found


# --- made while everything runs --------------------------------------------------------------------------------------


def test_a_backup_made_while_concerns_are_raised_keeps_every_promise(council: Council, tmp_path: Path) -> None:
    """No event without its concern, its text and its notifications, and none of these without the event."""
    stop, errors = Event(), []

    def write() -> None:
        try:
            while not stop.is_set():
                council.press(PRIYA, "acknowledge", council.raised())
        except Exception as error:
            errors.append(error)

    council.raised()
    before = len(ask(council.store, sa.select(tables.concern.c.id)))
    writer = Thread(target=write)
    writer.start()

    def tell(table: str, done: int, of: int) -> None:
        """Whatever is read, more is written meanwhile."""
        if table in ("concern", "concern_event", "notification"):
            now = len(ask(council.store, sa.select(tables.concern.c.id)))
            while len(ask(council.store, sa.select(tables.concern.c.id))) == now and writer.is_alive():
                stop.wait(0.01)

    try:
        back_up(council.store, NONE, tmp_path / "b.zip", MONDAY, tell=tell)
    finally:
        stop.set()
        writer.join()
    assert errors == []
    with closing(make_place(f"sqlite:///{tmp_path / 'place.db'}")) as place:
        restored(tmp_path / "b.zip", place, tmp_path)
        assert_promises(place, at_least=before)
        assert len(ask(place, sa.select(tables.concern.c.id))) < len(ask(council.store, sa.select(tables.concern.c.id)))


def assert_promises(store: Store, at_least: int) -> None:
    c, e, n, t = tables.concern.c, tables.concern_event.c, tables.notification.c, tables.personal_text.c
    concerns = dict(ask(store, sa.select(c.id, c.state)))
    assert len(concerns) >= at_least
    events = ask(store, sa.select(e.id, e.concern, e.move, e.state).order_by(e.id))
    last = {concern: state for _, concern, _, state in events}
    assert last == concerns, "a concern stands as its last event says"
    raised = {concern for _, concern, move, _ in events if move == "raise"}
    assert raised == set(concerns)
    subjects = {subject for (subject,) in ask(store, sa.select(n.subject).where(n.concern.isnot(None)))}
    assert {f"event:{id}" for id, _, move, _ in events if move == "raise"} <= subjects
    assert {int(str(one).removeprefix("event:")) for one in subjects if str(one).startswith("event:")} <= {
        id for id, *_ in events
    }
    assert {concern for (concern,) in ask(store, sa.select(t.concern).where(t.concern.isnot(None)))} >= raised


def test_a_backup_has_all_of_the_record_on_either_engine(council: Council, place: Store, tmp_path: Path) -> None:
    council.press(PRIYA, "acknowledge", council.raised())
    copied = back_up(council.store, NONE, tmp_path / "b.zip", MONDAY)
    assert copied.digest == digest(council.store)
    restored(tmp_path / "b.zip", place, tmp_path)
    assert without_editions(place) == without_editions(council.store)
    deeds = ask(place, sa.select(tables.audit.c.deed, tables.audit.c.about).order_by(tables.audit.c.id.desc()).limit(1))
    assert deeds == [("imported", "backup")]


def test_only_its_owner_reads_it_and_nothing_else_is_left(sqlite_council: Council, tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        back_up(sqlite_council.store, NONE, tmp_path / "backups" / "b.zip", MONDAY)
    finally:
        os.umask(mask)
    assert [path.name for path in (tmp_path / "backups").iterdir()] == ["b.zip"]
    assert stat.S_IMODE((tmp_path / "backups" / "b.zip").stat().st_mode) == 0o600


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(sqlite_council: Council, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    file.write_text("mine")
    with pytest.raises(CopyError, match="there already"):
        back_up(sqlite_council.store, NONE, file, MONDAY)
    assert file.read_text() == "mine"
    back_up(sqlite_council.store, NONE, file, MONDAY, replace=True)
    assert zipfile.is_zipfile(file)


def test_a_backup_that_fails_leaves_the_one_before(sqlite_council: Council, tmp_path: Path) -> None:
    file = tmp_path / "backups" / "b.zip"
    back_up(sqlite_council.store, NONE, file, MONDAY)
    before = file.read_bytes()

    def fail(table: str, done: int, of: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        back_up(sqlite_council.store, NONE, file, MONDAY, replace=True, tell=fail)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["b.zip"]


def test_what_a_killed_backup_left_behind_is_taken_away_by_the_next(sqlite_council: Council, tmp_path: Path) -> None:
    left = tmp_path / "backups" / ".desk-copying-left"
    left.mkdir(parents=True)
    (left / "record.db").write_text("what people wrote")
    os.utime(left, (1, 1))
    back_up(sqlite_council.store, NONE, tmp_path / "backups" / "b.zip", MONDAY)
    assert [path.name for path in left.parent.iterdir()] == ["b.zip"]


# --- put back, or not at all -----------------------------------------------------------------------------------------


@pytest.fixture
def backup(sqlite_council: Council, tmp_path: Path) -> Path:
    """A backup of a record with a concern in it."""
    sqlite_council.raised()
    back_up(sqlite_council.store, NONE, tmp_path / "b.zip", MONDAY)
    return tmp_path / "b.zip"


def test_a_record_with_something_in_it_is_replaced_only_when_asked(backup: Path, place: Store, tmp_path: Path) -> None:
    place.migrate()
    with place.writing() as connection:
        connection.execute(sa.insert(tables.party).values(address="theirs@example.org", unreachable=""))
        connection.execute(sa.insert(tables.fact).values(name="edition", value="99000000000"))
    before = digest(place)
    with pytest.raises(CopyError, match="--replace"):
        restored(backup, place, tmp_path)
    assert digest(place) == before
    restored(backup, place, tmp_path, replace=True)
    assert ask(place, sa.select(tables.concern.c.id)) == [(1,)]
    assert ask(place, sa.select(tables.party.c.id).where(tables.party.c.address == "theirs@example.org")) == []
    edition = ask(place, sa.select(tables.fact.c.value).where(tables.fact.c.name == "edition"))
    assert edition == [("99000000001",)], "no machine's index was made of it"


def test_processes_that_have_the_record_open_see_the_restored_one(backup: Path, place: Store, tmp_path: Path) -> None:
    url = place.url.render_as_string(hide_password=False)
    place.migrate()
    reader, _ = open_store(url)
    with closing(reader):
        assert ask(reader, sa.select(tables.concern.c.id)) == []
        restored(backup, place, tmp_path)
        assert ask(reader, sa.select(tables.concern.c.id)) == [(1,)]


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_backup_is_refused_and_nothing_is_lost(backup: Path, tmp_path: Path, seed: int) -> None:
    """Cut off, or a few bits otherwise, anywhere."""
    chance, content = random.Random(seed), bytearray(backup.read_bytes())
    if seed % 2:
        del content[chance.randrange(1, len(content)) :]
    for _ in range(8):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    (tmp_path / "bad.zip").write_bytes(content)
    with room(tmp_path / "room") as folder, pytest.raises(CopyError, match=r"damaged|no backup"):
        unpack(tmp_path / "bad.zip", folder)


def forged(backup: Path, out: Path, **changes: object) -> Path:
    """The same backup, its description changed."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == ABOUT:
                content = json.dumps({**json.loads(content), **changes}).encode()
            new.writestr(name, content)
    return out


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"what": "holiday photographs"}, "no backup"),
        ({"format": 2}, "install a newer"),
        ({"version": "9999"}, "install a newer"),
        ({"files": {}}, "damaged"),
        ({"tables": {"concern": [7, "0"]}}, "what was written is not what was read"),
        ({"tables": 5}, "no backup"),
    ],
)
def test_a_backup_of_something_else_is_refused(
    backup: Path, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    with room(tmp_path / "room") as folder, pytest.raises(CopyError, match=said):
        unpack(forged(backup, tmp_path / "forged.zip", **changes), folder)


@pytest.mark.parametrize("content", [b"", b"holiday", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with room(tmp_path / "room") as folder, pytest.raises(CopyError, match="no backup"):
        unpack(tmp_path / "x.zip", folder)


def test_the_backup_of_an_earlier_version_is_brought_to_this_one(backup: Path, place: Store, tmp_path: Path) -> None:
    assert (FOLDER / "0005.jsonl.gz").is_file()
    old = Store(f"sqlite:///{tmp_path / 'old.db'}")
    load(old, "0005")
    with old.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    old.close()
    record = (tmp_path / "old.db").read_bytes()
    with zipfile.ZipFile(backup) as made, zipfile.ZipFile(tmp_path / "old.zip", "w") as new:
        about = json.loads(made.read(ABOUT))
        about["files"][RECORD] = hashlib.sha256(record).hexdigest()
        new.writestr(ABOUT, json.dumps({**about, "version": "0005", "tables": {}}))
        new.writestr(RECORD, record)
        new.writestr("erasures.jsonl", made.read("erasures.jsonl"))
    restored(tmp_path / "old.zip", place, tmp_path)
    assert place.version() == HEAD
    assert len(ask(place, sa.select(tables.subscription.c.id))) == 3


# --- the commands ----------------------------------------------------------------------------------------------------

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(county_home: Path, tmp_path: Path) -> Run:
    """`desk` of the sample council."""
    cast.copy_home(county_home, tmp_path / "desk")
    environment = child_environment(tmp_path / "desk")
    return lambda *words, **more: run_desk({**environment, **more}, *words, cwd=tmp_path)


def test_a_backup_is_made_restored_and_what_was_erased_since_is_erased_again(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "desk"
    made = Wiring(cast.settings(home))
    council = Council(made.store, made.desk, clock=utc_now())
    reference = council.raised(text=TEXT)
    made.store.close()
    told = json.loads(run("backup", "b.zip", "--json").stdout)
    assert told["rows"] == sum(one["rows"] for one in told["tables"].values())
    assert told["tables"]["concern"]["rows"] == 1
    assert run("concern", "erase", reference, "--yes").returncode == 0
    refused = run("restore", "b.zip")
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    tried = json.loads(run("restore", "b.zip", "--dry-run", "--json").stdout)
    assert (tried["erased_again"], tried["there"], tried["version"]) == (1, "a record", HEAD)
    done = run("restore", "b.zip", "--replace")
    assert done.returncode == 0, done.stderr
    assert "1 erased again" in done.stdout
    for path in home.glob("record.db*"):
        assert b"Winterbourne" not in path.read_bytes(), path.name
    with sqlite3.connect(home / "record.db") as connection:
        assert connection.execute("SELECT count(*) FROM concern").fetchone() == (1,)
        last = connection.execute("SELECT deed, about, counts FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    connection.close()
    assert last[:2] == ("imported", "backup")
    assert json.loads(last[2])["erased_again"] == 1
    assert [path.name for path in home.iterdir() if path.name.startswith(".desk")] == []
    assert "carer" not in run("ask", "who manages home care in Brenmouth?").stderr


def test_on_another_machine_the_list_of_erasures_comes_with_the_backup(run: Run, tmp_path: Path) -> None:
    entry = {"kind": "party", "number": 9_999, "mark": "m", "at": MONDAY.isoformat()}
    (tmp_path / "desk" / "erasures.jsonl").write_text(json.dumps(entry) + "\n")
    assert run("backup", "b.zip").returncode == 0
    done = run("restore", "b.zip", DESK_HOME=str(tmp_path / "new"))
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "new" / "erasures.jsonl").read_text()) == entry
    assert stat.S_IMODE((tmp_path / "new" / "record.db").stat().st_mode) == 0o600
    answered = run("ask", "who manages home care in Brenmouth?", "--json", DESK_HOME=str(tmp_path / "new"))
    assert json.loads(answered.stdout)["journey"] == "register"


def test_a_desk_that_is_served_is_not_replaced_unless_anyway(run: Run, tmp_path: Path) -> None:
    assert run("backup", "b.zip").returncode == 0
    store, _ = open_store(f"sqlite:///{tmp_path / 'desk' / 'record.db'}")
    beat(store, "w")
    store.close()
    refused = run("restore", "b.zip", "--replace")
    assert (refused.returncode, "--anyway" in refused.stderr) == (1, True)
    assert run("restore", "b.zip", "--replace", "--anyway").returncode == 0


def test_a_damaged_list_of_erasures_stops_it_before_anything_is_changed(run: Run, tmp_path: Path) -> None:
    assert run("backup", "b.zip").returncode == 0
    (tmp_path / "desk" / "erasures.jsonl").write_text("not a line of it\n")
    before = digest_at(tmp_path)
    refused = run("restore", "b.zip", "--replace")
    assert refused.returncode == 1
    assert "line 1 of the list of erasures" in refused.stderr
    assert digest_at(tmp_path) == before


def test_a_record_that_is_damaged_is_said_to_be_put_aside(run: Run, tmp_path: Path) -> None:
    assert run("backup", "b.zip").returncode == 0
    record = tmp_path / "desk" / "record.db"
    for path in record.parent.glob("record.db-*"):
        path.unlink()
    record.write_bytes(b"broken " * 4_000)
    refused = run("restore", "b.zip", "--replace")
    assert (refused.returncode, "put it aside first" in refused.stderr) == (1, True)
    assert record.read_bytes() == b"broken " * 4_000
    record.rename(tmp_path / "aside.db")
    assert run("restore", "b.zip").returncode == 0


def test_a_rehearsed_backup_makes_nothing_and_accounts_for_nothing(run: Run, tmp_path: Path) -> None:
    told = json.loads(run("backup", "b.zip", "--dry-run", "--json").stdout)
    assert (told["dry_run"], told["rows"] > 100, (tmp_path / "b.zip").exists()) == (True, True, False)
    with closing(sqlite3.connect(tmp_path / "desk" / "record.db")) as connection:
        assert connection.execute("SELECT count(*) FROM audit WHERE about = 'record'").fetchone() == (0,)
