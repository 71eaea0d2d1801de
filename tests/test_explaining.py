"""Why an answer is what it is: an officer who doubts it can see what was read, what came near, and what decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import desk as command
from bot.wiring import Wiring
from handlers.explaining import Explanation, explain
from handlers.messages import Message
from knowledge.models import Role
from tests import cast


@pytest.fixture(scope="module")
def wired(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Wiring:
    return Wiring(cast.settings(cast.copy_home(sample_home, tmp_path_factory.mktemp("explaining") / "desk")))


def why(wired: Wiring, text: str, role: Role = Role.OFFICER) -> Explanation:
    return explain(Message(text=text, roles=frozenset({role})), wired.desk)


def test_what_was_put_right_and_what_came_near_is_told(wired: Wiring) -> None:
    told = why(wired, "how much notise before cutting a grant?")
    assert ("notise", "notice") in told.repaired
    assert told.passages[0].score >= told.passages[-1].score > 0
    assert told.passages[0].ask, "the way of asking that came closest stands there as it was written"
    assert told.evidence >= 0


def test_a_question_that_names_a_place_is_answered_there_and_explained_so(wired: Wiring) -> None:
    told = why(wired, "what does principle 6 say?")
    assert told.places == ("principle 6",)
    assert told.evidence >= 0


def test_words_stand_in_the_order_in_which_they_tell(wired: Wiring) -> None:
    weights = [word.weight for word in why(wired, "who signs off a contract worth £600,000 in Saltmarl?").words]
    assert weights == sorted(weights, reverse=True)


def test_a_question_no_paper_answers_shows_what_spoke_against_it(wired: Wiring) -> None:
    told = why(wired, "how many parking permits may a resident of Saltmarl have?")
    assert told.evidence < 0
    assert any(value < 0 for value in told.signs.values())


def test_the_journeys_that_were_weighed_are_told_with_reasons(wired: Wiring) -> None:
    told = why(wired, "what must a specification answer?")
    assert {claim.journey for claim in told.journeys} >= {
        "documents",
        "register",
        "timeline",
        "concern",
        "subscription",
    }
    assert told.journeys[0].journey == "documents"


def test_nothing_of_a_paper_one_may_not_read_is_told(wired: Wiring) -> None:
    seen = {one.document for one in why(wired, "ceiling price for home care", Role.PROVIDER).passages}
    assert "MS" not in seen
    assert "MS" in {one.document for one in why(wired, "ceiling price for home care", Role.DIRECTOR).passages}


def test_the_command_prints_it_for_people_and_for_programs(wired: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in cast.environment(wired.settings.home).items():
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke(command, ["ask", "--explain", "who is accountable for the principles?"])
    assert run.exit_code == 0, run.output
    assert "Evidence" in run.stdout
    run = CliRunner().invoke(command, ["ask", "--explain", "--json", "who is accountable for the principles?"])
    assert json.loads(run.stdout)["passages"][0]["document"] in {"FW", "CM"}
