"""Retention: what is over its time is cleared, by settings, and the one table says what, where and how long."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from council import DOREEN, PRIYA, Council, at
from parked import park_one
from planting import in_files, in_record
from processes import ROOT

from bot.__main__ import desk as desk_command
from bot.settings import Settings, variable
from bot.wiring import Wiring, periods_of
from handlers.timed import run_due
from knowledge import incoming, tables
from knowledge.conversations import remember
from knowledge.outbox.owing import owe
from knowledge.retention.erasures import Entry, Erasures, ErasuresError
from knowledge.retention.periods import Periods
from knowledge.retention.rules import RULES, STAYS
from knowledge.retention.running import clear_all
from knowledge.store import Store

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
Desk = Callable[..., Result]


def cleared(store: Store, now: datetime, **periods: int) -> dict[str, int]:
    """What is cleared at a moment, without what is none."""
    with store.writing() as connection:
        return {name: count for name, count in clear_all(connection, now, Periods(**periods)).items() if count}


# --- concerns -----------------------------------------------------------------------------------------------------


def closed(council: Council) -> str:
    reference = council.raised(text="the carer hasn't come to Mr Applewhite in Gullhaven")
    council.press(PRIYA, "acknowledge", reference)
    council.press(PRIYA, "close", reference, outcome="put_right", text="Mr Applewhite has a carer.")
    council.post.deliver()
    return reference


def test_what_was_written_in_a_concern_is_cleared_a_year_after_it_was_closed(council: Council) -> None:
    reference = closed(council)
    year = at("2027-11-23", "10:00")
    assert cleared(council.store, year, conversations=9999).get("concerns") is None
    assert "personal_text.body" in in_record(council.store, ["applewhite"])["applewhite"]
    assert cleared(council.store, year + SECOND)["concerns"] == 1
    assert in_record(council.store, ["applewhite"]) == {}
    assert cleared(council.store, year + SECOND) == {}
    assert council.concern(reference).state == "closed"
    assert council.moves(reference) == ["raise", "acknowledge", "close"]


def test_how_many_months_is_a_setting(sqlite_council: Council) -> None:
    closed(sqlite_council)
    assert cleared(sqlite_council.store, at("2027-01-24"), concerns=2)["concerns"] == 1


def test_what_was_answered_and_not_heard_of_again_counts_as_over(sqlite_council: Council) -> None:
    council = sqlite_council
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.press(PRIYA, "reply", reference, text="A second carer comes.")
    assert cleared(council.store, at("2027-11-24"))["concerns"] == 1


def test_an_open_concern_is_never_cleared(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    assert "concerns" not in cleared(sqlite_council.store, at("2036-11-24"))
    assert sqlite_council.press(PRIYA, "open", reference).written


def test_the_worker_clears_and_accounts_for_it_by_number(sqlite_council: Council) -> None:
    council = sqlite_council
    closed(council)
    council.clock = at("2027-11-24")
    assert run_due(council.desk) > 0
    assert council.errors == []
    with council.store.reading() as connection:
        a = tables.audit
        rows = connection.execute(sa.select(a).where(a.c.deed == "cleared").order_by(a.c.id)).all()
    assert [(row.kind, row.about) for row in rows] == [("concern", "1"), ("list", "retention")]
    assert rows[1].counts["concerns"] == 1


def test_a_list_of_erasures_that_cannot_be_read_holds_up_nothing_else(sqlite_council: Council, tmp_path: Path) -> None:
    council = sqlite_council
    closed(council)
    (tmp_path / "erasures.jsonl").write_text("{\n")
    council.with_desk(erasures=Erasures(tmp_path / "erasures.jsonl"))
    council.clock = at("2027-11-24")
    run_due(council.desk)
    assert [type(error) for error in council.errors] == [ErasuresError]
    assert in_record(council.store, ["applewhite"]) == {}


# --- the rest -----------------------------------------------------------------------------------------------------


def test_conversations_are_kept_a_fortnight(store: Store) -> None:
    with store.writing() as connection:
        remember(connection, "thread", NOW, "is R24 done?", {"outcome": "answered"}, asker="mo@example.org")
    assert cleared(store, NOW + 14 * DAY) == {}
    assert cleared(store, NOW + 14 * DAY + SECOND) == {"conversations": 1}


def test_that_something_came_in_is_kept_a_month_and_what_could_not_be_handled(store: Store) -> None:
    for id, state in (("Ev1", "handled"), ("Ev2", "parked")):
        incoming.write_down(store, id, "slack", {"text": "Mr Applewhite"})
        incoming.settle(store, id) if state == "handled" else park_one(store, id)
    with store.writing() as connection:
        now = store.now(connection)
    assert cleared(store, now + 29 * DAY) == {}
    assert cleared(store, now + 31 * DAY) == {"incoming": 2}
    assert in_record(store, ["applewhite"]) == {}
    assert (incoming.parked(store), incoming.unpark(store)) == ([], 0)
    with store.reading() as connection:
        assert connection.execute(sa.select(tables.incoming.c.state)).scalars().all() == ["expired"]


def notified(store: Store, kind: str, place: dict[str, str], **about: int) -> None:
    with store.writing() as connection:
        owe(connection, NOW, kind=kind, subject=f"{kind}:1", recipient="mo@example.org", channel="slack", about=about)
        values = {"state": "sent", "settled_at": NOW, "place": place}
        connection.execute(sa.update(tables.notification).values(**values))


def test_of_a_notification_kind_recipient_and_times_are_left(store: Store) -> None:
    notified(store, "questions", {"channel": "D0MO", "ts": "1.2"}, report=3)
    assert cleared(store, NOW + 90 * DAY) == {}
    assert cleared(store, NOW + 90 * DAY + SECOND) == {"notifications": 1}
    assert cleared(store, NOW + 90 * DAY + SECOND) == {}
    with store.reading() as connection:
        row = connection.execute(sa.select(tables.notification)).one()
    assert (row.kind, row.state, row.about, row.place) == ("questions", "sent", {}, {})


def test_of_an_alert_its_numbers_and_the_sum_of_its_words_stay(store: Store) -> None:
    notified(store, "intention", {"channel": "D0MO", "ts": "1.2", "words": "ab12"}, intention=7)
    assert cleared(store, NOW + 91 * DAY) == {"notifications": 1, "addresses": 1}
    with store.reading() as connection:
        row = connection.execute(sa.select(tables.notification)).one()
    assert (row.about, row.place) == ({"intention": 7}, {"words": "ab12"})


def test_a_file_that_was_taken_in_can_be_undone_for_a_month(store: Store) -> None:
    with store.writing() as connection:
        row = {"list": "people", "source": "people.csv", "made_at": NOW, "counts": {}, "before": b"who there was"}
        connection.execute(sa.insert(tables.taking).values(**row))
    assert cleared(store, NOW + 30 * DAY) == {}
    assert cleared(store, NOW + 31 * DAY) == {"undo": 1}
    assert in_record(store, ["who there was"]) == {}


# --- the one table ------------------------------------------------------------------------------------------------


def test_every_rule_has_its_setting_and_every_period_its_rule() -> None:
    settings = {variable(name) for name in Settings.model_fields}
    assert {rule.setting for rule in RULES} <= settings
    assert {rule.name for rule in RULES} | {"backups"} == set(Periods.model_fields)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_the_periods_are_those_of_the_settings(tmp_path: Path) -> None:
    assert periods_of(cast.settings(tmp_path)) == Periods()
    assert periods_of(cast.settings(tmp_path, DESK_CONCERNS_KEPT="24", DESK_BACKUPS_KEPT="7")) == Periods(
        concerns=24, backups=7
    )


def test_every_column_that_a_rule_names_is_there() -> None:
    for where in (place for one in (*RULES, *STAYS) for place in one.where):
        table, _, column = where.partition(".")
        assert table in tables.metadata.tables, where
        assert not column or column in tables.metadata.tables[table].columns, where


_NOTHING_OF_ANYBODY = {
    "document", "fact", "heartbeat", "intention_kind", "intention_time", "notice_key", "passage", "place",
    "slack_channel", "subscription_filed", "timed",
}  # fmt: skip


def test_of_every_table_it_is_said_how_long_it_is_kept() -> None:
    """A table that is added later has a place here, or holds nothing of anybody."""
    said = {place.partition(".")[0] for one in (*RULES, *STAYS) for place in one.where}
    assert said | _NOTHING_OF_ANYBODY == set(tables.metadata.tables)


def test_the_handbook_says_how_long_each_is_kept() -> None:
    text = (ROOT / "docs" / "handbook" / "settings.md").read_text(encoding="utf-8")
    for name in Periods.model_fields:
        row = re.search(rf"\| `DESK_{name.upper()}_KEPT` \| (\d+) \|", text)
        assert row, name
        assert int(row[1]) == getattr(Periods(), name), name


# --- the list of erasures -----------------------------------------------------------------------------------------


def test_the_list_of_erasures_reads_back_what_was_written(tmp_path: Path) -> None:
    listed = Erasures(tmp_path / "new" / "erasures.jsonl")
    entries = [Entry("concern", 1, "ab", NOW.isoformat()), Entry("party", 7, "cd", NOW.isoformat())]
    for one in (*entries, entries[0]):
        listed.add(one)
    assert listed.all() == entries


@pytest.mark.parametrize("line", ["{", '{"kind": "concern"}', '{"kind": "party", "number": "x", "mark": "", "at": ""}'])
def test_a_list_that_cannot_be_read_is_refused_by_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "erasures.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(ErasuresError, match="line 1"):
        Erasures(path).all()


# --- the commands, and every file of the desk ---------------------------------------------------------------------


@pytest.fixture
def home(demonstration: Path, tmp_path: Path) -> Path:
    return cast.copy_home(demonstration, tmp_path / "desk")


@pytest.fixture
def desk(home: Path) -> Desk:
    def run(*arguments: str, given: str = "") -> Result:
        environment = {**cast.environment(home), "COLUMNS": "200"}
        return CliRunner(env=environment).invoke(desk_command, list(arguments), input=given)

    return run


def told(done: Result) -> Any:
    [line] = done.stdout.splitlines()
    return json.loads(line)


CARER = "the carer hasn't come to Mrs Quillfeather in Gullhaven three mornings running"


def test_nothing_outlives_an_erasure_in_any_file_of_the_desk(desk: Desk, home: Path, tmp_path: Path) -> None:
    desk("chat", "--as", DOREEN, given=f"{CARER}, again\n\n")
    assert desk("concern", "raise", CARER, "--as", DOREEN, "--yes").exit_code == 0
    assert desk("concern", "move", "C-0001", "acknowledge", "--as", PRIYA).exit_code == 0
    said = "Mrs Quillfeather has a carer. " * 400  # more than a page of the record
    assert desk("concern", "move", "C-0001", "reply", "--as", PRIYA, "--text", said[:2900]).exit_code == 0
    assert in_files(home, ["quillfeather"])
    assert told(desk("person", "find", "quillfeather", "--json"))["concerns"] == ["C-0001"]
    out = tmp_path / "out.zip"
    assert desk("concern", "export", "C-0001", "--out", str(out)).exit_code == 0
    assert out.stat().st_mode & 0o077 == 0
    first = desk("concern", "erase", "1", "--json")
    assert (first.exit_code, told(first)["done"]) == (1, False)
    assert desk("concern", "erase", "C-0001", given="no\n").exit_code == 1
    assert in_files(home, ["quillfeather"])
    done = desk("concern", "erase", "C-0001", given="c-0001\n")
    assert done.exit_code == 0, done.output
    assert in_files(home, ["quillfeather"]) == {}
    assert "erasures.jsonl" in {path.name for path in home.iterdir()}
    assert told(desk("person", "find", "quillfeather", "--json")) == {"concerns": [], "elsewhere": {}}


def test_a_person_is_handed_out_and_erased_by_command(desk: Desk, home: Path, tmp_path: Path) -> None:
    rosa = "rosa.tamarind@charity.example.org"
    assert desk("subscribe", "--email", rosa, "home care work in Brenmouth").exit_code == 0
    held = told(desk("person", "export", rosa, "--json"))
    assert held["record"]["subscription"][0]["sentence"] == "home care work in Brenmouth"
    assert desk("person", "export", rosa, "--out", str(tmp_path / "rosa")).exit_code == 0
    assert sorted(path.suffix for path in (tmp_path / "rosa").iterdir()) == [".json", ".md"]
    done = told(desk("person", "erase", rosa, "--yes", "--json"))
    assert (done["done"], done["held"], done["left"], done["problem"]) == (True, [], [], None)
    assert in_files(home, ["tamarind"]) == {}
    assert desk("person", "erase", rosa, "--yes").exit_code == 1


def test_retention_is_told_tried_and_run_by_command(desk: Desk, home: Path) -> None:
    table = told(desk("retention", "--json"))
    assert [row["name"] for row in table["kept"]] == [rule.name for rule in RULES]
    assert table["backups"] == {"setting": "DESK_BACKUPS_KEPT", "kept": "35 days"}
    assert "12 months" in desk("retention").stdout
    wiring = Wiring(cast.settings(home))
    with wiring.store.writing() as connection:
        remember(connection, "thread", NOW - 300 * DAY, "is R24 done?", {"outcome": "answered"})
    assert told(desk("retention", "run", "--dry-run", "--json"))["conversations"] >= 1
    assert told(desk("retention", "run", "--json"))["conversations"] >= 1
    assert told(desk("retention", "run", "--json"))["conversations"] == 0
    wiring.store.close()
