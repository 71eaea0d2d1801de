"""A full disk: a small one of our own that really is full. Whoever meets it is told so, nothing is lost, and everything
goes on once there is room."""

from __future__ import annotations

import itertools
import os
import subprocess
import threading
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
from cast import Visitor
from conftest import lacking
from fake_slack import until
from processes import child_environment, run_desk, start_desk, stopped
from test_worker import owe_some, states

from bot.logs import log, set_up_logs
from bot.whole_files import whole
from bot.wiring import Wiring
from knowledge.attachments.cleaning import Attachment
from knowledge.attachments.keeping import keep
from knowledge.away import Away
from knowledge.documents.index import FORMAT
from knowledge.library import raise_edition
from knowledge.retention.erasures import Entry, Erasures
from knowledge.store import Store
from knowledge.tables import fact
from knowledge.takings.nouns import Kind
from knowledge.takings.staging import Staging
from webhooks import create_app

QUESTION = "Who signs off a contract worth £600,000?"
_names = itertools.count()


class Disk:
    """A disk of some megabytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, but: int = 0) -> None:
        """Fills it up, but for so many bytes."""
        space = os.statvfs(self.folder)
        wanted = space.f_bavail * space.f_frsize - but
        (self.folder / f"filler{next(_names)}").write_bytes(b"x" * wanted)

    def make_room(self) -> None:
        for one in self.folder.glob("filler*"):
            one.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        lacking("leave to mount a small disk, which root has")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.fixture
def full(disk: Disk, sample_home: Path) -> Iterator[Wiring]:
    """A desk on a disk that has room for nothing more."""
    made = Wiring(cast.settings(cast.copy_home(sample_home, disk.folder / "desk")))
    made.index.get()
    set_fact(made.store, "before")
    disk.fill()
    yield made
    made.store.close()


def set_fact(store: Store, name: str, value: str = "x") -> None:
    with store.writing() as connection:
        connection.execute(sa.insert(fact).values(name=name, value=value))


def sound(store: Store) -> bool:
    with store.reading() as connection:
        whole = connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        return whole and connection.execute(sa.select(fact.c.value).where(fact.c.name == "before")).scalar() == "x"


def test_a_visitor_is_told_that_the_disk_is_full_and_what_was_there_is_there(full: Wiring, disk: Disk) -> None:
    visitor = Visitor(create_app(full))
    token = visitor.token()
    heap = "y" * 4_000_000
    with pytest.raises(Away) as caught:
        set_fact(full.store, "heap", heap)
    assert caught.value.reason == "full"
    answer = visitor.client.post("/ask", data={"csrf_token": token, "text": QUESTION})
    assert answer.status_code == 503
    assert visitor.client.get("/documents").status_code == 200
    assert sound(full.store)
    disk.make_room()
    set_fact(full.store, "heap", heap)
    assert "600,000" in visitor.ask(QUESTION)
    assert sound(full.store)


def test_a_file_that_comes_with_a_concern_is_kept_whole_or_not_at_all(full: Wiring, disk: Disk) -> None:
    photograph = Attachment(name="a.png", type="image/png", checksum="0" * 64, content=os.urandom(3_000_000))

    def take() -> int:
        with full.store.writing() as connection:
            return keep(connection, photograph, concern=None, draft=None, now=full.store.now(connection))

    with pytest.raises(Away):
        take()
    disk.make_room()
    assert take() == 1, "of the first there is nothing"
    assert sound(full.store)


def test_a_command_says_that_the_disk_is_full(full: Wiring, disk: Disk, tmp_path: Path) -> None:
    paper = tmp_path / "papers"
    paper.mkdir()
    (paper / "Much.md").write_text(
        "# Much\n\n" + "\n\n".join(f"Paragraph {n} on gritting. " * 40 for n in range(2_000))
    )
    environment = child_environment(full.settings.home)
    failed = run_desk(environment, "index", str(paper), cwd=tmp_path)
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].startswith("desk: the disk is full"), failed.stderr
    assert sound(full.store)
    disk.make_room()
    assert run_desk(environment, "index", str(paper), cwd=tmp_path).returncode == 0


def test_an_index_for_which_there_is_no_room_leaves_the_old_one_at_work(full: Wiring, disk: Disk) -> None:
    errors: list[str] = []
    index = Wiring(full.settings).index
    index._on_error = lambda reference, error: errors.append(type(error).__name__)
    serving = index.get()
    disk.make_room()
    with full.store.writing() as connection:
        raise_edition(connection)
    disk.fill(but=100_000)
    for _ in range(3):
        assert index.get() is serving, "whoever asks is answered from the old one"
    until(lambda: errors == ["Away"], "the build is given up, and told of once")
    assert not [one for one in full.settings.home.iterdir() if one.name.startswith(".index-")]
    disk.make_room()
    index._rest_until = 0.0
    until(lambda: index.get() is not serving, "the new one comes once there is room")
    assert index._stamp.startswith(FORMAT)


def test_what_a_killed_build_left_is_deleted_by_the_next_and_what_is_under_way_is_not(home: Path) -> None:
    old, fresh = home / ".index-killed.db", home / ".index-under-way.db"
    for one in (old, fresh):
        one.write_bytes(b"x")
    os.utime(old, (0, 0))
    wiring = Wiring(cast.settings(home))
    with wiring.store.writing() as connection:
        raise_edition(connection)
    wiring.index.get()
    assert (old.exists(), fresh.exists()) == (False, True)
    wiring.store.close()


def test_a_report_for_which_there_is_no_room_leaves_the_one_that_was_there(disk: Disk) -> None:
    file = disk.folder / "report.csv"
    file.write_text("last year's")
    disk.fill(but=8_192)

    def write() -> None:
        with whole(file) as stream:
            stream.write("this year's, and much of it" * 10_000)

    with pytest.raises(OSError, match="No space"):
        write()
    assert file.read_text() == "last year's"
    disk.make_room()
    write()
    assert file.read_text("utf-8-sig").startswith("this year's")
    assert sorted(one.name for one in disk.folder.iterdir()) == ["report.csv"]


def test_a_file_sent_for_taking_in_that_has_no_room_takes_none(disk: Disk) -> None:
    staging, now = Staging(disk.folder), cast.datetime.now(cast.datetime.now().astimezone().tzinfo)
    job = staging.begin(1, Kind.REGISTER, now)
    disk.fill(but=100_000)
    with pytest.raises(OSError, match="No space"):
        staging.keep_file(job, "register.csv", BytesIO(b"x" * 3_000_000), 10_000_000)
    assert not staging.folder(job.id).exists()


def test_the_list_of_erasures_holds_no_half_line(disk: Disk) -> None:
    listed, entry = Erasures(disk.folder / "erasures.jsonl"), Entry("party", 1, "ab", "2026-11-21T09:00:00+00:00")
    listed.add(entry)
    page = os.statvfs(disk.folder).f_bsize
    while (disk.folder / "erasures.jsonl").stat().st_size % page < page - 60:
        listed.add(entry)
    disk.fill()

    def add() -> None:
        for _ in range(3):
            listed.add(entry._replace(number=2))

    with pytest.raises(OSError, match=r"No space|not be written"):
        add()
    assert listed.all() == [entry]
    disk.make_room()
    listed.add(entry._replace(number=3))
    assert [one.number for one in listed.all()] == [1, 3]


def test_a_line_of_the_list_of_erasures_that_was_broken_off_is_left_out(
    tmp_path: Path,
) -> None:
    path = tmp_path / "erasures.jsonl"
    listed, entry = Erasures(path), Entry("party", 1, "ab", "2026-11-21T09:00:00+00:00")
    listed.add(entry)
    line = path.read_bytes()
    for cut in range(1, len(line)):
        path.write_bytes(line + line[:cut])
        assert listed.all() == [entry], cut
        listed.add(entry._replace(number=2))
        assert [one.number for one in listed.all()] == [1, 2], cut


# --- logs ---------------------------------------------------------------------------------------------------------


def test_a_worker_whose_log_cannot_be_written_goes_on_sending(home: Path) -> None:
    if not Path("/dev/full").exists():
        lacking("/dev/full")
    wiring = Wiring(cast.settings(home))
    child = start_desk(Path("/dev/full"), child_environment(home), "work")
    try:
        owe_some(wiring.store, 2, "screen")
        until(lambda: {"waiting"}.isdisjoint(states(wiring.store)), "they leave", 20)
        assert child.poll() is None
    finally:
        assert stopped(child) == 0
    wiring.store.close()


def test_a_log_that_is_gone_stops_nobody(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    gone = StringIO()
    gone.close()
    monkeypatch.setattr("sys.stderr", gone)
    set_up_logs("info")
    threads = [threading.Thread(target=lambda: log.info("told", count=1)) for _ in range(2)]
    for thread in threads:
        thread.start()
        thread.join()
    log.error("told", count=2)
