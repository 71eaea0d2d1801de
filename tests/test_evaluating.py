"""Measuring answers: what is counted as right, what a run prints, and what the next one is shown beside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import desk as command
from handlers.evaluating import Asked, differences, judge, measure, read_questions
from handlers.messages import Citation, Outcome, Reply
from tests import cast


def cited(*quotes: str, document: str = "FW", outcome: Outcome = Outcome.ANSWERED) -> Reply:
    places = [
        Citation(document=document, title="Framework", locator=f"Principle {n}", quote=quote)
        for n, quote in enumerate(quotes, start=1)
    ]
    return Reply(outcome=outcome, text="", citations=tuple(places))


def asked(*gold: str, kind: str = "plain", **more: object) -> Asked:
    return Asked.model_validate(
        {"id": "q1", "question": "Who?", "source": "FW", "gold": list(gold), "kind": kind, **more}
    )


def test_the_first_passage_that_is_right_gives_the_rank() -> None:
    assert judge(asked("the lead director"), cited("Nobody.", "The  lead\ndirector is accountable.")).rank == 1
    assert judge(asked("the lead director"), cited("Nobody.")).rank is None


def test_words_beyond_what_somebody_reads_do_not_count() -> None:
    assert judge(asked("the lead director"), cited("x" * 890 + " the lead director")).rank is None


def test_a_right_passage_of_another_paper_has_no_place() -> None:
    result = judge(asked("the lead director"), cited("The lead director.", document="ST"))
    assert (result.rank, result.place) == (0, False)


def test_another_place_that_answers_as_well_counts() -> None:
    also = asked("the lead director", alt=[{"source": "ST", "gold": "a named director"}])
    result = judge(also, cited("A named director.", document="ST"))
    assert (result.rank, result.place) == (0, True)


def test_what_is_no_answer_is_neither_right_nor_invented() -> None:
    silent = cited("The lead director.", outcome=Outcome.NOT_IN_DOCUMENTS)
    assert judge(asked("the lead director"), silent).rank is None
    figures = measure([judge(asked(), silent), judge(asked("the lead director"), silent)])
    assert figures["all unanswerable"]["invented"] == 0
    assert figures["all answerable"]["silent"] == 1


def test_of_a_list_the_share_that_came_is_counted() -> None:
    result = judge(asked("what is needed", "who needs it", kind="list"), cited("• What is needed?"))
    assert result.whole == 0.5
    assert measure([result])["list"]["whole"] == 0.5


def test_two_runs_differ_by_measures_both_have() -> None:
    assert differences({"n": 2, "hit@1": 0.5, "whole": 1.0}, {"n": 2, "hit@1": 0.75}) == {"hit@1": -0.25}


def test_a_line_that_is_no_question_is_named_and_the_rest_read(tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text(
        '{"id": "a", "question": "Who?", "gold": []}\nnothing\n\n{"id": "b", "gold": []}\n', encoding="utf-8"
    )
    found, problems = read_questions(file)
    assert [one.id for one in found] == ["a"]
    assert [number for number, _ in problems] == [2, 4]
    assert "question" in problems[1][1]


def run(home: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    for name, value in cast.environment(home).items():
        monkeypatch.setenv(name, value)
    return CliRunner().invoke(command, list(arguments))


def test_a_run_is_shown_beside_the_last_one(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = cast.copy_home(sample_home, tmp_path / "desk")
    file = tmp_path / "own.jsonl"
    right = {"id": "a", "question": "Does the framework apply to in-house services too?", "source": "FW"}
    file.write_text(json.dumps({**right, "gold": ["no passage says this"]}) + "\n", encoding="utf-8")
    first = run(home, "evaluate", str(file), monkeypatch=monkeypatch)
    assert (first.exit_code, "The first run" in first.stdout) == (0, True), first.output
    file.write_text(json.dumps({**right, "gold": ["every service"]}) + "\n", encoding="utf-8")
    again = run(home, "evaluate", str(file), "--misses", monkeypatch=monkeypatch)
    assert "+1.000" in again.stdout, again.output
    counted = json.loads(run(home, "evaluate", str(file), "--json", monkeypatch=monkeypatch).stdout)
    assert counted["figures"]["all answerable"]["hit@1"] == counted["before"]["all answerable"]["hit@1"] == 1.0


def test_what_is_asked_to_measure_is_not_kept_as_somebodys_question(
    sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlalchemy as sa

    from bot.wiring import Wiring
    from knowledge.tables import question

    home = cast.copy_home(sample_home, tmp_path / "desk")
    file = tmp_path / "own.jsonl"
    file.write_text('{"id": "a", "question": "Who is accountable?", "gold": []}\n', encoding="utf-8")
    run(home, "evaluate", str(file), monkeypatch=monkeypatch)
    store = Wiring(cast.settings(home)).store
    with store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(question)).scalar() == 0
    store.close()
