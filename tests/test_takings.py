"""Files taken in and undone: written down, put back as it was, refused where that would lose something."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from processes import child_environment, run_desk
from subscribing import CHARITY, owed, settle, subscribe
from timeline import NOW, OURS, row, terms

from knowledge import library, tables
from knowledge.pack import open_pack
from knowledge.people import list_people, read_people
from knowledge.places import places, read_places
from knowledge.register.correcting import correct
from knowledge.register.holding import contract, contracts, register_date, register_edition
from knowledge.register.importing import unread_rows
from knowledge.register.reading.file import read_register
from knowledge.store import Store
from knowledge.subjects.naming import naming
from knowledge.takings.lists import take_people, take_places
from knowledge.takings.nouns import CannotUndo, Effect, Taking
from knowledge.takings.papers import take_papers
from knowledge.takings.record import clear_naming, clear_old, takings
from knowledge.takings.registers import effect_of_register, take_register
from knowledge.takings.timeline_back import REASON
from knowledge.takings.timelines import effect_of_timeline, take_timeline
from knowledge.takings.undoing import undo
from knowledge.timeline import changing
from knowledge.timeline.history import whole
from knowledge.timeline.nouns import Read, Row, State

LATER = NOW + timedelta(hours=2)
ME = "farah.lindqvist@example.org"
FIRST = "Reference,Title,Supplier,Value\nC-1,Home care,Kindly Hours Ltd,1000\nC-2,Day care,Marl Trust,2000\n"
SECOND = "Reference,Title,Supplier,Value\nC-1,Home care,Kindly Hours Ltd,1500\nC-3,Night care,New Ltd,10\n,,broken,\n"


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def take_in_register(store: Store, path: Path, *, by: str = "", complete: bool = False) -> Effect:
    read = read_register(path)
    with store.writing() as connection:
        report = take_register(connection, read, path.name, NOW, by=by, complete=complete)
    return effect_of_register(report, read, complete=complete)


def undone(store: Store, number: int, *, now: datetime = LATER, kept: int = 30, by: str = "") -> Effect:
    with store.writing() as connection:
        return undo(connection, number, now, OURS, kept=kept, by=by)[1]


def taken(store: Store) -> list[Taking]:
    with store.reading() as connection:
        return takings(connection)


def rows_of(store: Store, *names: str) -> dict[str, list[Any]]:
    """Everything in these tables."""
    with store.reading() as connection:
        return {name: sorted(map(repr, connection.execute(sa.select(getattr(tables, name))))) for name in names}


def audited(store: Store) -> list[tuple[str, str, str, dict[str, int]]]:
    with store.reading() as connection:
        rows = connection.execute(sa.select(tables.audit).order_by(tables.audit.c.id))
        return [(row.deed, row.kind, row.about, row.counts) for row in rows]


# --- register -----------------------------------------------------------------------------------------------------


def test_a_register_is_put_back_as_it_was_to_the_last_cell(store: Store, tmp_path: Path) -> None:
    take_in_register(store, put(tmp_path, "register.csv", FIRST))
    before = rows_of(store, "contract")
    edition = register_edition_of(store)
    effect = take_in_register(store, put(tmp_path, "register.csv", SECOND), by=ME, complete=True)
    assert effect.counts == {"added": 1, "changed": 1, "unchanged": 0, "missing": 1, "not taken": 1}
    assert rows_of(store, "contract") != before
    back = undone(store, 2, by=ME)
    assert rows_of(store, "contract") == before
    assert back.counts == {"removed": 1, "put back": 2}
    assert ("C-3", "contract", "there", "gone") in {(one.about, one.what, one.before, one.after) for one in back.lines}
    assert ("C-1", "value") in {(one.about, one.what) for one in back.lines}
    with store.reading() as connection:
        assert unread_rows(connection) == []
    assert register_edition_of(store) > edition


def register_edition_of(store: Store) -> int:
    with store.reading() as connection:
        return register_edition(connection)


def test_a_taking_and_its_undoing_are_accounted_for_by_number(store: Store, tmp_path: Path) -> None:
    take_in_register(store, put(tmp_path, "register.csv", FIRST), by=ME)
    undone(store, 1)
    imported, undid = audited(store)
    assert imported[:3] == ("imported", "list", "register")
    assert imported[3]["added"] == 2
    assert undid == ("undid", "list", "register", {"removed": 2, "put_back": 0, "taking": 1})
    assert ME not in repr(rows_of(store, "audit", "taking"))


def test_a_first_register_that_is_undone_leaves_no_day_of_a_register(store: Store, tmp_path: Path) -> None:
    take_in_register(store, put(tmp_path, "register.csv", FIRST))
    undone(store, 1)
    with store.reading() as connection:
        assert register_date(connection) is None, "it was once still said to be of the day of the file that is gone"


def test_a_correction_stays_when_the_file_after_it_is_undone(store: Store, tmp_path: Path) -> None:
    take_in_register(store, put(tmp_path, "register.csv", FIRST))
    take_in_register(store, put(tmp_path, "register.csv", SECOND))
    with store.writing() as connection:
        correct(connection, "C-1", "manager", "Ann Example")
    undone(store, 2)
    with store.reading() as connection:
        held = contract(connection, "C-1")
    assert held is not None
    assert (held.contract.manager, int(held.contract.value or 0)) == ("Ann Example", 1000)


def test_undoing_is_refused_where_a_correction_would_go_with_its_contract(store: Store, tmp_path: Path) -> None:
    take_in_register(store, put(tmp_path, "register.csv", FIRST))
    with store.writing() as connection:
        correct(connection, "C-2", "manager", "Ann Example")
    with pytest.raises(CannotUndo, match="corrected since: c-2"):
        undone(store, 1)
    with store.reading() as connection:
        assert len(contracts(connection)) == 2


def test_a_later_file_is_undone_first(store: Store, tmp_path: Path) -> None:
    take_in_register(store, put(tmp_path, "register.csv", FIRST))
    take_in_register(store, put(tmp_path, "register.csv", SECOND))
    with pytest.raises(CannotUndo, match="undo number 2 first"):
        undone(store, 1)
    undone(store, 2)
    undone(store, 1)
    with pytest.raises(CannotUndo, match="undone already"):
        undone(store, 1)
    with pytest.raises(CannotUndo, match="nothing was taken in under the number 9"):
        undone(store, 9)
    with store.reading() as connection:
        assert contracts(connection) == []


def test_after_thirty_days_an_import_stands(store: Store, tmp_path: Path) -> None:
    take_in_register(store, put(tmp_path, "register.csv", FIRST))
    with pytest.raises(CannotUndo, match="for 30 days"):
        undone(store, 1, now=NOW + timedelta(days=30, seconds=1))
    with store.writing() as connection:
        assert clear_old(connection, NOW + timedelta(days=30), 30) == 0
        assert clear_old(connection, NOW + timedelta(days=31), 30) == 1
    with pytest.raises(CannotUndo, match="too long ago"):
        undone(store, 1)


def test_a_file_of_which_nothing_could_be_read_is_no_taking(store: Store, tmp_path: Path) -> None:
    take_in_register(store, put(tmp_path, "register.csv", "Reference,Title\n,nothing\n"))
    assert (taken(store), audited(store)) == ([], [])


# --- places and people --------------------------------------------------------------------------------------------


def test_places_are_put_back_in_their_order(store: Store, tmp_path: Path) -> None:
    for text in ("place,district\nMarl,North\nGull,South\n", "place,district\nGull,North\nNew,South\n"):
        path = put(tmp_path, "places.csv", text)
        with store.writing() as connection:
            take_places(connection, read_places(path), path.name, NOW)
    undone(store, 2)
    with store.reading() as connection:
        assert [(one.name, one.district) for one in places(connection)] == [("Marl", "North"), ("Gull", "South")]


def test_people_are_put_back_and_never_to_a_list_that_reaches_nobody(store: Store, tmp_path: Path) -> None:
    for people in (cast.LISTED, (*cast.LISTED[:2], cast.TESS, cast.SAM)):
        path = put(tmp_path, "people.csv", cast.people_csv(*people))
        with store.writing() as connection:
            take_people(connection, read_people(path), path.name, NOW)
    effect = undone(store, 2)
    assert effect.counts == {"put back": 3}
    with store.reading() as connection:
        assert {one.email for one in list_people(connection)} == {one.email for one in cast.LISTED}
    with pytest.raises(CannotUndo, match="no triage contact and no safeguarding contact"):
        undone(store, 1)


def test_erasing_somebody_reaches_what_was_there_before(store: Store, tmp_path: Path) -> None:
    for people in (cast.LISTED, cast.LISTED[1:]):
        path = put(tmp_path, "people.csv", cast.people_csv(*people))
        with store.writing() as connection:
            take_people(connection, read_people(path), path.name, NOW)
    with store.writing() as connection:
        assert clear_naming(connection, naming([cast.PRUE.email, ""])) == 0
        assert clear_naming(connection, naming([cast.OLIVE.email.upper()])) == 1
    assert [one.kept for one in taken(store)] == [False, True]


# --- papers -------------------------------------------------------------------------------------------------------


def take_in_paper(store: Store, path: Path) -> Effect:
    return take_papers(store, [path], open_pack("sample"))[1]


def test_a_paper_that_was_new_goes_and_one_that_was_there_comes_back(store: Store, tmp_path: Path) -> None:
    paper = put(tmp_path, "plan.md", "# Plan\n\n## One\n\nWe do the first thing by the end of March.\n")
    take_in_paper(store, paper)
    before = rows_of(store, "document", "passage")
    put(tmp_path, "plan.md", "# Plan\n\n## Two\n\nWe do another thing by the end of April instead.\n")
    assert take_in_paper(store, paper).counts["changed"] == 1
    assert rows_of(store, "passage") != before["passage"]
    edition = edition_of(store)
    undone(store, 2)
    assert rows_of(store, "document", "passage") == before
    assert edition_of(store) == edition + 1, "what is searched is made anew"
    undone(store, 1)
    assert rows_of(store, "document", "passage") == {"document": [], "passage": []}


def edition_of(store: Store) -> int:
    with store.reading() as connection:
        return library.edition(connection)


def test_a_paper_removed_or_taken_in_again_since_is_left_alone(store: Store, tmp_path: Path) -> None:
    paper = put(tmp_path, "plan.md", "# Plan\n\n## One\n\nWe do the first thing by the end of March.\n")
    take_in_paper(store, paper)
    put(tmp_path, "plan.md", "# Plan\n\n## Two\n\nWe do another thing by the end of April instead.\n")
    take_in_paper(store, paper)
    with pytest.raises(CannotUndo, match="taken in again, changed or removed since: plan"):
        undone(store, 1)
    library.remove(store, "plan")
    with pytest.raises(CannotUndo, match="changed or removed since"):
        undone(store, 2)


# --- timeline -----------------------------------------------------------------------------------------------------


def take_in_rows(store: Store, *given: Row, announce: bool = True, now: datetime = NOW) -> Effect:
    read = Read(records=len(given), rows=tuple(enumerate(given, start=1)))
    with store.writing() as connection:
        report, ledger = take_timeline(connection, read, now, OURS, source="t.csv", announce=announce)
    return effect_of_timeline(report, ledger, read.notes)


def history(store: Store, reference: str) -> list[tuple[str, str]]:
    with store.reading() as connection:
        found = whole(connection, reference, LATER)
    assert found is not None
    return sorted((one.kind.value, one.reason) for one in found.versions)


def said(store: Store, reference: str) -> dict[str, Any]:
    with store.reading() as connection:
        found = whole(connection, reference, LATER)
    assert found is not None
    return found.intention.terms.said()


def test_what_a_timeline_brought_is_withdrawn_and_what_it_changed_is_put_back(store: Store) -> None:
    take_in_rows(store, row(says=terms(high=500_000)))
    before = said(store, "ASC-01")
    changed = row(says=terms("Home care in Marl", high=900_000), reason="dearer")
    effect = take_in_rows(store, changed, row("ASC-02", terms("Day care")), now=NOW + timedelta(hours=1))
    assert effect.counts["added"] == effect.counts["changed"] == 1
    assert {(one.about, one.what) for one in effect.lines} >= {("ASC-01", "title"), ("ASC-02", "new intention")}
    back = undone(store, 2)
    assert back.counts == {"withdrawn": 1, "put back": 1, "messages stopped": 0}
    assert said(store, "ASC-01") == before
    assert history(store, "ASC-01") == [("added", ""), ("changed", REASON), ("changed", "dearer")]
    assert said(store, "ASC-02")["state"] == State.WITHDRAWN
    assert take_in_rows(store, changed, now=LATER + timedelta(hours=1)).counts["changed"] == 1, "it can be taken again"


def test_what_has_not_gone_yet_is_stopped_and_who_was_not_told_hears_nothing_of_it(store: Store) -> None:
    subscribe(store, every="mon")
    subscribe(store, recipient="bids@marl-care.example.org")
    take_in_rows(store, row())
    settle(store, NOW)
    back = undone(store, 1)
    assert back.counts["messages stopped"] == 1, "the round-up of Monday; the other was sent"
    states = {(one.address, one.subject): one.state for one in owed(store)}
    assert states[CHARITY, "intention:1:1"] == states[CHARITY, "intention:1:2"] == "stopped"
    assert states["bids@marl-care.example.org", "intention:1:2"] == "waiting", "who was told is told that it is back"
    assert len(back.told) == 1
    assert any("cannot be untold" in note or "can be untold" in note for note in back.notes)


def test_an_import_that_told_nobody_is_undone_without_telling(store: Store) -> None:
    subscribe(store)
    effect = take_in_rows(store, row(), announce=False)
    assert effect.told == ()
    assert undone(store, 1).told == ()
    assert owed(store) == []


def test_an_intention_changed_since_is_not_put_back(store: Store) -> None:
    take_in_rows(store, row())
    with store.writing() as connection:
        changing.change(connection, "ASC-01", {"title": "Care"}, "shorter", LATER, OURS)
    with pytest.raises(CannotUndo, match="changed again since, which undoing would lose: ASC-01"):
        undone(store, 1)


def test_what_nobody_could_read_yet_stays_unread_when_it_is_undone(store: Store) -> None:
    held = terms(state=State.OPEN, high=5_000_000, closes="2027-01-15")
    take_in_rows(store, row(says=held))
    undone(store, 1)
    with store.reading() as connection:
        (one,) = connection.execute(sa.select(tables.intention)).all()
    assert (one.shown, one.shown_at) == (None, None)


# --- commands -----------------------------------------------------------------------------------------------------


def test_desk_imports_lists_and_undoes(home: Path, tmp_path: Path) -> None:
    environment = child_environment(home)
    path = put(tmp_path, "register.csv", FIRST)

    def desk(*arguments: str) -> Any:
        done = run_desk(environment, *arguments, cwd=tmp_path)
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    desk("register", "import", str(path), "--json")
    (one,) = [one for one in desk("imports", "--json") if one["list"] == "register"]
    assert (one["file"], one["by"], one["cannot_undo"]) == ("register.csv", "", "")
    tried = desk("imports", "undo", str(one["number"]), "--dry-run", "--json")
    assert tried["counts"] == {"removed": 2, "put back": 0}
    assert desk("register", "--json")["contracts"] == 2
    assert desk("imports", "undo", str(one["number"]), "--json")["lines"] == tried["lines"]
    assert desk("register", "--json")["contracts"] == 0
    assert "undone already" in desk("imports", "undo", str(one["number"]), "--json")
