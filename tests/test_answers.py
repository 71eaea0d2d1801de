"""How good answers are, on the development questions about the real papers. The bars are those the desk was asked to
reach; the questions of a paper's readers that nobody here has seen decide in the end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.evaluating import ANSWERABLE, UNANSWERABLE, judge, measure, read_questions
from handlers.messages import Message
from knowledge.models import Role
from tests import cast

ROOT = Path(__file__).resolve().parents[1]
DESK = (sys.executable, "-m", "bot")


def run(command: list[str], home: Path, **more: object) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("DESK_", "SLACK_", "DATABASE_"))
    }
    environment |= {"DESK_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, cwd=ROOT, check=True, text=True, **more)  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="module")
def home(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with the real papers."""
    home = tmp_path_factory.mktemp("answers")
    run([*DESK, "index", str(shared / "documents"), "--json"], home, capture_output=True)
    return home


@pytest.fixture(scope="module")
def figures(shared: Path, home: Path) -> dict[str, float]:
    questions, answers = shared / "eval/dev_questions.jsonl", home / "answers.jsonl"
    with answers.open("w", encoding="utf-8") as out:
        run([*DESK, "ask", "--file", str(questions), "--json"], home, stdout=out, stderr=subprocess.DEVNULL)
    assert len(answers.read_text(encoding="utf-8").splitlines()) == len(
        questions.read_text(encoding="utf-8").splitlines()
    )
    scored = run(
        [sys.executable, str(shared / "eval/score_answers.py"), str(questions), str(answers)], home, capture_output=True
    )
    lines = scored.stdout.splitlines()
    wanted = [line for line in lines if line.startswith(("ALL", "exact", "list"))]
    return {
        name: float(value)
        for line in wanted
        for name, value in re.findall(r"([a-z@0-9]+)=\s*([\d.]+)", line)
        if name != "n"
    }


@pytest.mark.parametrize(("name", "least"), [("hit@1", 0.80), ("hit@3", 0.85), ("exact", 0.98), ("whole", 0.8)])
def test_answers_reach_the_bar(name: str, least: float, figures: dict[str, float]) -> None:
    assert figures[name] >= least


@pytest.mark.parametrize(("name", "most"), [("invented", 0.18), ("silent", 0.08)])
def test_the_desk_knows_when_to_answer(name: str, most: float, figures: dict[str, float]) -> None:
    assert figures[name] <= most


@pytest.fixture(scope="module")
def sample_figures(sample_home: Path) -> dict[str, float]:
    """Of the project's own questions about the sample council's papers, which anybody can run."""
    wiring = Wiring(cast.settings(cast.copy_home(sample_home, sample_home.parent / "measured")))
    asked, problems = read_questions(ROOT / "tests/data/questions/sample.jsonl")
    assert not problems
    said = [Message(text=one.question, roles=frozenset({Role.OFFICER}), trial=True) for one in asked]
    found = measure(judge(one, handle(message, wiring.desk)) for one, message in zip(asked, said, strict=True))
    wiring.store.close()
    return {**found[ANSWERABLE], **found[UNANSWERABLE]}


@pytest.mark.parametrize(("name", "least"), [("hit@1", 0.72), ("hit@3", 0.78), ("place", 0.72), ("whole", 0.8)])
def test_the_sample_councils_papers_are_answered_as_well(
    name: str, least: float, sample_figures: dict[str, float]
) -> None:
    assert sample_figures[name] >= least


@pytest.mark.parametrize(("name", "most"), [("invented", 0.25), ("silent", 0.16)])
def test_the_desk_knows_when_the_sample_councils_papers_say_nothing(
    name: str, most: float, sample_figures: dict[str, float]
) -> None:
    assert sample_figures[name] <= most


def test_the_place_is_right_where_the_passage_is(figures: dict[str, float]) -> None:
    assert figures["hit@1"] - figures["place"] <= 0.02


def test_every_answer_is_a_line_of_json_with_its_citations(home: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_text(
        '{"id": "a", "question": "who is accountable for embedding the principles in directorates?"}\n',
        encoding="utf-8",
    )
    line = json.loads(run([*DESK, "ask", "--file", str(asked), "--json"], home, capture_output=True).stdout)
    assert {"id", "outcome", "answer", "citations", "took_ms"} <= set(line)
    assert {"source", "document", "title", "locator", "quote", "url"} <= set(line["citations"][0])
    assert line["citations"][0]["document"] == "002"
