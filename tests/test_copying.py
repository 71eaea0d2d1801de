"""A record is copied whole from one engine to the other, from one moment of it, and nothing is overwritten."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
import sqlalchemy as sa
from council import DOREEN, MONDAY, PRIYA, Council
from processes import ROOT, child_environment, run_desk

from knowledge import tables
from knowledge.copying import CopyError
from knowledge.copying.copying import moment
from knowledge.copying.moving import existing, make_place, move, stood_still
from knowledge.copying.nouns import digest_of
from knowledge.copying.numbers import last_number
from knowledge.copying.rows import sums_of
from knowledge.copying.standing import Standing, standing
from knowledge.outbox.heartbeats import beat
from knowledge.store import HEAD, Store, open_store


def url_of(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def digest(store: Store) -> str:
    with moment(store) as connection:
        return digest_of(sums_of(connection))


def stands(store: Store) -> Standing:
    with moment(store) as connection:
        return standing(connection)


def say(store: Store, *statements: sa.Executable) -> None:
    with store.writing() as connection:
        for statement in statements:
            connection.execute(statement)


def ask(store: Store, query: sa.Executable) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty record, beside any other."""
    if request.param == "postgresql":
        yield request.getfixturevalue("postgresql_store")
        return
    made, _ = open_store(f"sqlite:///{tmp_path / 'place.db'}")
    yield made
    made.close()


def filled(council: Council) -> Store:
    """A record in which people have done things, with rows that are awkward to copy."""
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.say(DOREEN, "what is coming up in adult social care?")
    t, when = tables, council.clock
    kind = {"buyer": "b", "buyer_id": "", "own": True, "version": 1, "about": {}, "own_terms": {}, "held": "",
            "title": "t", "stage": "planned", "state": "live", "route": "", "directorate": "", "districts": "",
            "words": ""}  # fmt: skip
    say(
        council.store,
        sa.insert(t.intention).values(id=7, reference="A", joined_to=None, shown=sa.null(), **kind),
        sa.insert(t.intention).values(id=3, reference="B", joined_to=7, shown={"ü": [1, 2.5, None, "\x00"]}, **kind),
        sa.insert(t.intention_kind).values(intention=7, kind="home_care", share=0.1 + 0.2),
        sa.insert(t.incoming).values(id="gone", surface="slack", received_at=when, lease_until=when, attempts=0,
                                     state="handled", payload=sa.null()),
        sa.insert(t.attachment).values(concern=1, name="a.gif", type="image/gif", checksum="c",
                                       content=bytes(range(256)) * 40, added_at=when),
        sa.insert(t.turn).values(id=4_000, thread="t", asked_at=when.replace(microsecond=1), question="🙂‮\u200d",
                                 reply={}),
    )  # fmt: skip
    return council.store


@pytest.fixture(params=["sqlite to postgresql", "postgresql to sqlite"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Store, str]:
    """A record with things in it, and an empty place."""
    source, _, target = request.param.partition(" to ")
    council: Council = request.getfixturevalue(f"{source}_council")
    if target == "postgresql":
        empty: Store = request.getfixturevalue("postgresql_store")
        return filled(council), url_of(empty)
    return filled(council), f"sqlite:///{tmp_path / 'new' / 'record.db'}"


def moved(source: Store, to: str, **how: object) -> Store:
    """The other place, once everything is in it."""
    target = make_place(to)
    move(source, target, MONDAY, **how)  # type: ignore[arg-type]
    return target


# --- all of it -------------------------------------------------------------------------------------------------------


def test_a_record_is_copied_whole_and_the_sums_agree(both: tuple[Store, str]) -> None:
    source, to = both
    target = make_place(to)
    copied = move(source, target, MONDAY)
    assert copied.rows > 150
    assert copied.digest == digest(source) == digest(target)
    assert target.version() == HEAD
    opened, made = open_store(to)
    assert not made
    opened.close()
    target.close()


def test_what_is_awkward_to_copy_is_the_same(both: tuple[Store, str]) -> None:
    source, to = both
    with closing(moved(source, to)) as target:
        i = tables.intention.c
        for store in (source, target):
            assert ask(store, sa.select(i.id, i.joined_to).order_by(i.id)) == [(3, 7), (7, None)]
            assert ask(store, sa.select(i.id).where(sa.cast(i.shown, sa.Text).is_(None))) == [(7,)]
            assert ask(store, sa.select(i.shown).where(i.id == 3)) == [({"ü": [1, 2.5, None, "\x00"]},)]
            assert ask(store, sa.select(tables.attachment.c.content)) == [(bytes(range(256)) * 40,)]
            assert ask(store, sa.select(tables.turn.c.question).where(tables.turn.c.id == 4_000)) == [("🙂‮\u200d",)]


def test_and_back_again_it_is_the_same(sqlite_council: Council, postgresql_store: Store, tmp_path: Path) -> None:
    source = filled(sqlite_council)
    move(source, postgresql_store, MONDAY)
    with closing(moved(postgresql_store, f"sqlite:///{tmp_path / 'back.db'}")) as back:
        assert digest(back) == digest(postgresql_store) == digest(source)


def test_numbers_are_never_used_again(both: tuple[Store, str]) -> None:
    source, to = both
    given = sa.insert(tables.audit).values(at=MONDAY, deed="saw", kind="list", about="x", counts={})
    asked = {"text": "t", "outcome": "answered", "surface": "slack", "readable": [], "passages": [], "entry": ""}
    question = sa.insert(tables.question).values(message="m-last", asked_at=MONDAY, **asked)
    say(source, given, question, sa.delete(tables.question).where(tables.question.c.message == "m-last"))
    with closing(moved(source, to)) as target:
        for table in (tables.audit, tables.question, tables.concern, tables.party):
            with moment(source) as one, moment(target) as other:
                assert last_number(other, table) == last_number(one, table) > 0, table.name
        with target.writing() as connection:
            before = last_number(connection, tables.question)
            number = connection.execute(question).inserted_primary_key
            assert number == (before + 1,)


def test_the_audit_of_the_copy_is_guarded_like_the_other(both: tuple[Store, str]) -> None:
    source, to = both
    with closing(moved(source, to)) as target:
        assert ask(target, sa.select(sa.func.count()).select_from(tables.audit)) != [(0,)]
        with pytest.raises(sa.exc.DatabaseError):
            say(target, sa.delete(tables.audit))


def test_it_is_copied_as_of_one_moment_while_others_write(both: tuple[Store, str]) -> None:
    """The writer raises concern after concern with its event; the copy holds as many of one as of the other."""
    source, to = both
    party = ask(source, sa.select(sa.func.min(tables.party.c.id)))[0][0]
    stop, raised = Event(), []

    def write() -> None:
        while not stop.is_set():
            number = 1_000 + len(raised)
            say(
                source,
                sa.insert(tables.concern).values(
                    id=number, contract="", service="s", level="l", state="raised", outcome="", at_risk=False,
                    raised_by=party, holder_role="", origin={}, source=f"w{number}", raised_at=MONDAY,
                    acknowledge_by=MONDAY, answer_by=MONDAY, next_check_at=MONDAY,
                ),
                sa.insert(tables.concern_event).values(concern=number, at=MONDAY, move="raise", state="raised",
                                                       about={}, source=f"w{number}"),
            )  # fmt: skip
            raised.append(number)

    def tell(table: str, done: int, of: int) -> None:
        if table == "concern_event":
            seen = len(raised)
            while len(raised) < seen + 3:
                stop.wait(0.005)

    writer = Thread(target=write)
    writer.start()
    try:
        while len(raised) < 3:
            stop.wait(0.005)
        target = make_place(to)
        copied = move(source, target, MONDAY, tell=tell)
    finally:
        stop.set()
        writer.join()
    c, e = tables.concern.c, tables.concern_event.c
    concerns = ask(target, sa.select(c.source).where(c.id >= 1_000).order_by(c.source))
    assert 3 <= len(concerns) < len(raised)
    assert concerns == ask(target, sa.select(e.source).where(e.concern >= 1_000).order_by(e.source))
    assert not stood_still(source, copied)
    target.close()


# --- what PostgreSQL will not hold -----------------------------------------------------------------------------------


def test_a_nul_that_postgresql_cannot_hold_is_left_out_and_counted(
    sqlite_council: Council, postgresql_store: Store
) -> None:
    source = filled(sqlite_council)
    say(source, sa.update(tables.turn).values(question="a\x00b").where(tables.turn.c.id == 4_000))
    assert move(source, postgresql_store, MONDAY).without_nul == 1
    question = sa.select(tables.turn.c.question).where(tables.turn.c.id == 4_000)
    assert ask(postgresql_store, question) == [("ab",)]


def test_a_text_too_long_is_named_and_never_cut_off(sqlite_council: Council, postgresql_store: Store) -> None:
    source = filled(sqlite_council)
    say(source, sa.update(tables.concern).values(source="x" * 201))
    with pytest.raises(CopyError, match="concern 1: source has 201 characters, and PostgreSQL holds 200"):
        move(source, postgresql_store, MONDAY)
    assert stands(postgresql_store) is Standing.EMPTY, "all of it, or nothing"


def test_a_number_too_large_is_named(sqlite_council: Council, postgresql_store: Store) -> None:
    source = filled(sqlite_council)
    say(source, sa.update(tables.turn).values(id=1 << 31).where(tables.turn.c.id == 4_000))
    with pytest.raises(CopyError, match="turn 2147483648: id is a larger number"):
        move(source, postgresql_store, MONDAY)


# --- again, and never over somebody's record -------------------------------------------------------------------------


def test_a_finished_copy_is_made_again_only_when_asked(both: tuple[Store, str]) -> None:
    source, to = both
    with closing(moved(source, to)) as target:
        say(source, sa.insert(tables.fact).values(name="later", value="1"))
        with pytest.raises(CopyError, match="--again"):
            move(source, target, MONDAY)
        move(source, target, MONDAY, again=True)
        assert digest(target) == digest(source)


def test_a_copy_that_was_written_to_since_is_not_overwritten(both: tuple[Store, str]) -> None:
    source, to = both
    with closing(moved(source, to)) as target:
        say(target, sa.insert(tables.fact).values(name="later", value="1"))
        before = digest(target)
        with pytest.raises(CopyError, match="a record of its own"):
            move(source, target, MONDAY, again=True)
        assert digest(target) == before


@pytest.mark.parametrize("again", [False, True])
def test_somebodys_record_is_never_overwritten(sqlite_council: Council, place: Store, again: bool) -> None:
    say(place, sa.insert(tables.party).values(address="theirs@example.org", unreachable=""))
    before = digest(place)
    with pytest.raises(CopyError, match="somebody's record"):
        move(sqlite_council.store, place, MONDAY, again=again)
    assert digest(place) == before


def test_the_copy_of_another_record_is_not_overwritten(sqlite_council: Council, place: Store, tmp_path: Path) -> None:
    other, _ = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    with closing(other):
        move(other, place, MONDAY)
        with pytest.raises(CopyError, match="another record"):
            move(sqlite_council.store, place, MONDAY, again=True)


def test_tables_of_another_program_are_left_alone(sqlite_council: Council, tmp_path: Path) -> None:
    with closing(make_place(f"sqlite:///{tmp_path / 'theirs.db'}")) as theirs:
        say(theirs, sa.text("CREATE TABLE person (name TEXT)"), sa.text("INSERT INTO person VALUES ('x')"))
        with pytest.raises(CopyError, match="not a desk's"):
            move(sqlite_council.store, theirs, MONDAY)
        assert ask(theirs, sa.text("SELECT name FROM person")) == [("x",)]


def test_a_record_made_by_a_desk_that_was_only_started_counts_as_empty(store: Store) -> None:
    beat(store, "w")
    say(store, sa.insert(tables.fact).values(name="settings_of:work", value="{}"))
    assert stands(store) is Standing.EMPTY


def test_an_older_record_is_said_to_be_one(store: Store) -> None:
    say(store, sa.text("UPDATE alembic_version SET version_num = '0006'"))
    with pytest.raises(CopyError, match="run `desk migrate`"):
        existing(url_of(store))


def test_a_record_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(CopyError, match="there is no record"):
        existing(f"sqlite:///{tmp_path / 'none' / 'record.db'}")
    assert list(tmp_path.iterdir()) == []


def test_two_that_move_at_once_make_one_copy(both: tuple[Store, str]) -> None:
    source, to = both
    told: list[str] = []

    def one() -> None:
        target = make_place(to)
        try:
            told.append(move(source, target, MONDAY).digest)
        except CopyError as error:
            told.append(str(error))
        target.close()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("already" in one for one in told) == [False, True], told


KILLED = """
import os, sys
from datetime import UTC, datetime
from knowledge.copying.moving import existing, make_place, move
def tell(table, done, of):
    if table == sys.argv[3]:
        os._exit(9)
move(existing(sys.argv[1]), make_place(sys.argv[2]), datetime.now(UTC), tell=tell)
"""


def test_killed_in_the_midst_it_leaves_nothing_and_begins_again(both: tuple[Store, str]) -> None:
    source, to = both
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, url_of(source), to, "checking"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert killed.returncode == 9
    with closing(make_place(to)) as target:
        assert stands(target) in (Standing.NOTHING, Standing.EMPTY)
        assert move(source, target, MONDAY).digest == digest(source) == digest(target)


# --- the command -----------------------------------------------------------------------------------------------------

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(demonstration: Path, tmp_path: Path) -> Run:
    """`desk` of the sample council, with a year in it."""
    shutil.copytree(demonstration, tmp_path / "desk")
    environment = child_environment(tmp_path / "desk")
    return lambda *words: run_desk(environment, *words, cwd=tmp_path)


def test_the_command_moves_a_record_says_so_and_takes_the_list_of_erasures_along(run: Run, tmp_path: Path) -> None:
    entry = {"kind": "party", "number": 9_999, "mark": "m", "at": MONDAY.isoformat()}
    (tmp_path / "desk" / "erasures.jsonl").write_text(json.dumps(entry) + "\n")
    old, new = f"sqlite:///{tmp_path}/desk/record.db", f"sqlite:///{tmp_path}/new/record.db"
    tried = run("move", old, new, "--dry-run", "--json")
    assert json.loads(tried.stdout)["there"] == "nothing"
    assert not (tmp_path / "new").exists()
    done = run("move", old, new)
    assert done.returncode == 0, done.stderr
    assert "Rows and sums are the same on both sides" in done.stdout
    assert (tmp_path / "new" / "record.db").stat().st_mode & 0o777 == 0o600
    assert json.loads((tmp_path / "new" / "erasures.jsonl").read_text()) == entry
    refused = run("move", old, new)
    assert refused.returncode == 1
    assert "--again" in refused.stderr
    told = json.loads(run("move", old, new, "--again", "--json").stdout)
    assert told["stood_still"] is True
    assert told["rows"] == sum(one["rows"] for one in told["tables"].values())
    served = open_store(new)[0]
    assert ask(served, sa.select(tables.audit.c.deed).where(tables.audit.c.about == "record")) == [("exported",)] * 2
    served.close()


def test_a_desk_that_is_served_is_not_moved_unless_anyway(run: Run, tmp_path: Path) -> None:
    old, new = f"sqlite:///{tmp_path}/desk/record.db", f"sqlite:///{tmp_path}/new.db"
    store, _ = open_store(old)
    beat(store, "w")
    store.close()
    refused = run("move", old, new)
    assert (refused.returncode, "--anyway" in refused.stderr) == (1, True)
    assert run("move", old, new, "--anyway").returncode == 0


def test_one_place_is_not_moved_onto_itself(run: Run, tmp_path: Path) -> None:
    old = f"sqlite:///{tmp_path}/desk/record.db"
    refused = run("move", old, f"sqlite:///{tmp_path}/desk/../desk/record.db")
    assert (refused.returncode, "one place" in refused.stderr) == (1, True)


def test_what_is_no_address_is_told_in_a_line(run: Run, tmp_path: Path) -> None:
    for words in (("nonsense", "sqlite:///x.db"), (f"sqlite:///{tmp_path}/desk/record.db", "nonsense")):
        refused = run("move", *words)
        assert refused.returncode in (1, 2)
        assert "Traceback" not in refused.stderr, words
