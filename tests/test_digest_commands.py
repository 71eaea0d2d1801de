"""The council's own digest entries from a file: brought in by an administrator, known to the next question."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import desk as command
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from knowledge.models import Role
from tests import cast

Run = Callable[..., Result]
ENTRY = {
    "id": "own-exit", "document": "FW", "locator": "Principle 6: Our aim",
    "digest": "How a service is wound down is agreed before it begins.",
    "asks": ["where is the purple folder kept", "purple folder for winding a service down"],
}  # fmt: skip


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    return cast.copy_home(sample_home, tmp_path / "desk")


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, value in cast.environment(home).items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(command, ["digest", *arguments])


def written(folder: Path, *entries: object) -> str:
    file = folder / "ours.jsonl"
    lines = [one if isinstance(one, str) else json.dumps(one) for one in entries]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def asked(home: Path, text: str) -> Reply:
    wiring = Wiring(cast.settings(home))
    try:
        return handle(Message(text=text, roles=frozenset({Role.OFFICER}), trial=True), wiring.desk)
    finally:
        wiring.store.close()


def test_an_entry_that_was_brought_in_answers_the_next_question(run: Run, home: Path, tmp_path: Path) -> None:
    question = "purple folder for winding a service down"
    before = asked(home, question)
    assert before.outcome is not Outcome.ANSWERED or before.citations[0].locator != ENTRY["locator"]
    done = run("import", written(tmp_path, ENTRY))
    assert (done.exit_code, "1 added" in done.stdout) == (0, True), done.output
    reply = asked(home, question)
    assert (reply.outcome, reply.citations[0].locator) == (Outcome.ANSWERED, ENTRY["locator"])
    assert "own-exit" in run().stdout


def test_the_same_file_twice_changes_nothing_and_another_wording_changes_the_entry(run: Run, tmp_path: Path) -> None:
    run("import", written(tmp_path, ENTRY))
    assert "1 as they were" in run("import", written(tmp_path, ENTRY)).stdout
    other = {**ENTRY, "digest": "The end of a service is planned at its start."}
    assert "1 changed" in run("import", written(tmp_path, other)).stdout
    assert json.loads(run("--json").stdout)[0]["digest"] == other["digest"]


def test_a_dry_run_takes_nothing(run: Run, tmp_path: Path) -> None:
    assert "Nothing was changed" in run("import", written(tmp_path, ENTRY), "--dry-run").stdout
    assert json.loads(run("--json").stdout) == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({**ENTRY, "document": "XX"}, "there is no paper 'XX'"),
        ({**ENTRY, "locator": "Principle 77"}, "has no place 'Principle 77'"),
        ({**ENTRY, "asks": ["one"]}, "at least 2 ways of asking"),
        ({**ENTRY, "digest": " "}, "1 to 2,000 characters"),
        ({"id": "x"}, "document"),
        ("no line of JSON", "no JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_taken(wrong: object, reason: str, run: Run, tmp_path: Path) -> None:
    done = run("import", written(tmp_path, wrong, {**ENTRY, "id": "own-good"}))
    assert done.exit_code == 1
    assert "ours.jsonl, line 1: " in done.stderr
    assert reason in done.stderr
    assert "1 added" in done.stdout


def test_an_entry_that_is_retired_answers_nobody_and_stays_out(run: Run, home: Path, tmp_path: Path) -> None:
    run("import", written(tmp_path, ENTRY))
    assert run("retire", "own-exit").exit_code == 0
    assert json.loads(run("--json").stdout) == []
    assert "was retired" in run("import", written(tmp_path, ENTRY)).stderr
    assert run("retire", "own-exit").exit_code == 1
