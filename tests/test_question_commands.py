"""`desk questions`, `desk enquiries`, `desk enquiry`; and the same in the terminal's conversation and on the web."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cast
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from bot.__main__ import desk
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message
from knowledge.questions.enquiries import Enquiry, by_number

ASKED = "Which parking permits do visiting inspectors use?"
ANSWER = "The blue permit, from reception."
OLIVE = ("--as", cast.OLIVE.email)


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs `desk` with these words."""
    for name, value in cast.environment(home).items():
        monkeypatch.setenv(name, value)

    def run_it(*words: str, code: int = 0, typed: str | None = None) -> Result:
        done = CliRunner().invoke(desk, list(words), input=typed, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done

    return run_it


def passed_on(wiring: Wiring, who: cast.Somebody = cast.MO) -> None:
    """Somebody asks, says that the answer is bad, and asks a person."""
    common = {"roles": frozenset({who.role}), "addresses": (who.email,)}
    asked = handle(Message.model_validate({"text": ASKED, **common}), wiring.desk)
    for action, about in (("rate_why", f"{asked.question}|wrong"), ("ask_person", str(asked.question))):
        handle(Message.model_validate({"text": "", "action": action, "about": about, **common}), wiring.desk)


def as_json(done: Result) -> Any:
    return json.loads(done.stdout)


def first(wiring: Wiring) -> Enquiry:
    with wiring.store.reading() as connection:
        found = by_number(connection, 1)
    assert found
    return found


def test_questions_says_what_was_asked_and_what_waits(run, wiring: Wiring) -> None:  # type: ignore[no-untyped-def]
    passed_on(wiring)
    found = as_json(run("questions", "--json"))
    assert (found["asked"], found["answered"], found["good"], found["bad"]) == (1, 0, 0, 1)
    assert found["not_found"] == [{"text": ASKED, "count": 1, "wordings": [ASKED]}]
    assert [(one["text"], one["reasons"]) for one in found["rated_badly"]] == [(ASKED, ["wrong"])]
    assert [one["reference"] for one in found["waiting"]] == ["E-1"]
    said = run("questions").stdout
    assert said.count("inspectors") == 3
    assert "It is wrong" in said


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (("--kind", "not-found"), {"not_found"}),
        (("--kind", "rated-badly"), {"rated_badly"}),
        (("--kind", "silent-documents"), {"silent_documents"}),
        (("--waiting",), {"waiting"}),
        (("--kind", "not-found", "--waiting"), {"not_found", "waiting"}),
    ],
)
def test_questions_shows_only_what_is_wanted(run, words: tuple[str, ...], keys: set[str]) -> None:  # type: ignore[no-untyped-def]
    always = {"since", "until", "asked", "answered", "good", "bad"}
    assert set(as_json(run("questions", "--json", *words))) - always == keys


def test_questions_counts_from_a_day_on(run, wiring: Wiring) -> None:  # type: ignore[no-untyped-def]
    passed_on(wiring)
    assert as_json(run("questions", "--json", "--since", "2020-01-01"))["asked"] == 1
    assert as_json(run("questions", "--json", "--since", "2099-01-01"))["asked"] == 0
    run("questions", "--since", "yesterday", code=2)


def test_an_enquiry_goes_its_way_from_a_terminal(run, wiring: Wiring) -> None:  # type: ignore[no-untyped-def]
    assert "No question waits" in run("enquiries").stdout
    passed_on(wiring)
    assert ASKED.split()[-2] in run("enquiries").stdout
    assert as_json(run("enquiries", "--json"))[0]["asked_by"] == cast.MO.email
    assert "waits for an officer" in run("enquiry", "show", "1", *OLIVE).stdout
    assert as_json(run("enquiry", "claim", "E-1", *OLIVE, "--json"))["claimed_by"] == cast.OLIVE.email
    assert "is with Olive Tanner (officer)" in run("enquiry", "claim", "E-1", "--as", cast.TESS.email).stdout
    run("enquiry", "give-back", "E-1", *OLIVE)
    words = ("enquiry", "answer", "E-1", *OLIVE, "--text", ANSWER, "--no-teach")
    tried = as_json(run(*words, "--dry-run", "--json"))
    assert (tried["state"], tried["dry_run"]) == ("waiting", True)
    assert first(wiring).open, "a dry run changes nothing"
    assert as_json(run(*words, "--json"))["state"] == "answered"
    assert "Nothing was changed." in run("enquiry", "teach", "E-1", *OLIVE, "--dry-run").stdout
    assert first(wiring).entry == ""
    assert as_json(run("enquiry", "teach", "E-1", *OLIVE, "--json"))["entry"] == "officer-1"
    asked = run("ask", ASKED).stdout
    assert ANSWER in asked
    assert "officer's answer" in " ".join(asked.split())


def test_what_a_terminal_may_not_do_is_refused(run, wiring: Wiring) -> None:  # type: ignore[no-untyped-def]
    passed_on(wiring)
    run("enquiry", "claim", "E-1", "--as", cast.MO.email, code=1)
    run("enquiry", "claim", "E-2", *OLIVE, code=1)
    run("enquiry", "answer", "E-1", *OLIVE, "--text", ANSWER, "--place", "nowhere, 1", code=2)
    run("enquiry", "drop", "E-1", *OLIVE, "--reason", " ", code=2)
    assert first(wiring).open
    run("enquiry", "drop", "E-1", *OLIVE, "--reason", "Ask the parking team.", "--dry-run")
    assert first(wiring).open
    run("enquiry", "drop", "E-1", *OLIVE, "--reason", "Ask the parking team.")
    assert first(wiring).state.value == "dropped"


def test_in_the_terminals_conversation_an_answer_is_rated_and_passed_on(run, wiring: Wiring) -> None:  # type: ignore[no-untyped-def]
    said = run("chat", *OLIVE, typed=f"{ASKED}\n3\n\n").stdout
    assert "3. Ask a person" in said
    assert "Passed on as E-1" in said
    assert first(wiring).asker == cast.OLIVE.email


def test_a_file_of_questions_is_not_written_down(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "asked.jsonl"
    file.write_text(json.dumps({"id": 1, "question": ASKED}) + "\n", encoding="utf-8")
    run("ask", "--file", str(file), "--json")
    assert as_json(run("questions", "--json"))["asked"] == 0
    run("ask", ASKED)
    assert as_json(run("questions", "--json"))["asked"] == 1


def test_on_the_web_a_stranger_is_told_to_sign_in(app: Flask) -> None:
    said = cast.Visitor(app).ask(ASKED)
    assert "ask again, and a person answers." in said
    assert "This helped" not in said


def test_the_page_of_what_waits_is_for_those_who_sign_in(app: Flask) -> None:
    assert app.test_client().get("/enquiries").status_code in (302, 303, 401)
