"""The council's own vocabulary: taught by an administrator without code, known to the next question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import desk as command
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message, Outcome
from knowledge.documents.sayings import add_sayings, own_sayings, remove_saying
from knowledge.library import edition
from knowledge.models import Role
from knowledge.pack import Saying
from knowledge.store import Store
from tests import cast

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    return cast.copy_home(sample_home, tmp_path / "desk")


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, value in cast.environment(home).items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(command, ["vocabulary", *arguments])


def asked(home: Path, text: str) -> Outcome:
    wiring = Wiring(cast.settings(home))
    try:
        return handle(Message(text=text, roles=frozenset({Role.OFFICER})), wiring.desk).outcome
    finally:
        wiring.store.close()


def test_a_saying_that_was_added_is_known_to_the_next_question(run: Run, home: Path) -> None:
    question = "who signs off the purple gherkin"
    assert asked(home, question) is not Outcome.ANSWERED
    assert run("add", "purple gherkin", "exit plan").exit_code == 0
    added = run().stdout
    assert "purple gherkin" in added
    assert asked(home, "purple gherkin") is Outcome.ANSWERED
    assert run("remove", "purple gherkin").exit_code == 0
    assert asked(home, "purple gherkin") is not Outcome.ANSWERED


def test_a_dry_run_adds_nothing(run: Run) -> None:
    assert "Nothing was changed" in run("add", "purple gherkin", "exit plan", "--dry-run").stdout
    assert "purple gherkin" not in run().stdout


def test_a_meaning_that_no_paper_has_is_said(run: Run) -> None:
    assert "no paper says “xylophone”" in run("add", "purple gherkin", "xylophone").stderr


def test_a_file_with_a_bad_line_is_taken_but_for_that_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text("say,means,kind,note\npurple gherkin,exit plan|handover,everyday,\nthe shed,,everyday,\n")
    done = run("import", str(file))
    assert done.exit_code == 1
    assert "ours.csv, line 3" in done.stderr
    assert "1 added" in done.stdout


def test_removing_what_is_not_there_is_an_error(run: Run) -> None:
    assert run("remove", "purple gherkin").exit_code == 1


def test_meanings_are_added_to_and_the_edition_rises_only_where_something_changed(store: Store) -> None:
    with store.writing() as connection:
        before = edition(connection)
        assert add_sayings(connection, [Saying("the shed", ("depot",), "everyday")], NOW) == 1
        assert add_sayings(connection, [Saying("the  shed", ("depot", "highways depot"), "everyday")], NOW) == 1
        assert add_sayings(connection, [Saying("the shed", ("depot",), "everyday")], NOW) == 0
        assert edition(connection) == before + 2
        assert own_sayings(connection) == [Saying("the shed", ("depot", "highways depot"), "everyday")]
        assert remove_saying(connection, "the shed") == 1
        assert remove_saying(connection, "the shed") == 0


def test_a_saying_has_bounds(store: Store) -> None:
    with store.writing() as connection:
        for saying in (
            Saying("x" * 121, ("y",), "everyday"),
            Saying("x", tuple(f"m{n}" for n in range(13)), "everyday"),
        ):
            with pytest.raises(ValueError, match=r"characters|the most"):
                add_sayings(connection, [saying], NOW)
