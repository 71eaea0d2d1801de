"""Reviews of contracts in Slack: a reminder, the form with the concerns beside it, what is wrong with it, App Home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
from fake_slack import FakeSlack
from marlshire import DOREEN, PRIYA, RUTH, Marlshire, Seat, buttons, introduce, opened
from test_patterns import TEXTS
from test_review_pages import raises
from workspace import harmless, mrkdwn_of, within_limits, words

from handlers.timed import JOBS, run_due
from knowledge.register.holding import contract
from knowledge.reviews import reviews_of

CARE = "MCC-0008"
"""In-house: Priya manages it; its review is due on 31 March 2027."""
GIVEN = {"outcome": "partly", "changes": "A second <!channel> rota & a phone line.", "next_on": "2028-03-31"}


OURS = tuple(one for one in JOBS if one.name in ("contract reviews", "patterns"))


@pytest.fixture
def council(county_home: Path, fake: FakeSlack, tmp_path: Path) -> Iterator[Marlshire]:
    """The sample council in Slack."""
    with opened(cast.copy_home(county_home, tmp_path / "desk"), fake) as council:
        introduce(council)
        yield council


def day_passes(council: Marlshire, day: datetime) -> None:
    council.now[0] = day
    run_due(council.wiring.desk, OURS)
    council.now[0] = day + timedelta(hours=1)
    council.post()


def outcomes(council: Marlshire, reference: str = CARE) -> list[str]:
    with council.wiring.store.reading() as connection:
        held = contract(connection, reference)
        return [one.outcome.value for one in reviews_of(connection, held.contract)] if held else []


def fields(view: dict[str, Any]) -> dict[str, str]:
    return {block["block_id"]: block["element"]["type"] for block in view["blocks"] if block["type"] == "input"}


def reminded(council: Marlshire) -> dict[str, Any]:
    """Priya is reminded of a review that is due, and opens the form. Gives the modal."""
    for text in TEXTS[:2]:
        raises(council.wiring, text, CARE)
    day_passes(council, datetime(2027, 3, 2, 10, tzinfo=UTC))
    priya = Seat(PRIYA, council)
    letters = [one for one in priya.sees() if "MCC-0008) is to be reviewed by 31 March 2027" in words(one["blocks"])]
    [letter] = letters
    assert "2 concerns so far: 2 late, 0 reopened." in words(letter["blocks"])
    assert buttons(letter["blocks"]) == ["Record the review"]
    return priya.opens("Record the review", letter)


def test_the_manager_is_reminded_and_records_the_review_in_a_modal(council: Marlshire) -> None:
    view = reminded(council)
    within_limits(view["blocks"], 100)
    assert view["title"]["text"] == "Review MCC-0008"
    assert fields(view) == {"outcome": "radio_buttons", "changes": "plain_text_input", "next_on": "datepicker"}
    said = words(view["blocks"])
    assert "2 concerns so far: 2 late, 0 reopened." in said
    assert "*C-0002* raised, late · 20 November 2026" in said
    assert "Gullhaven" not in said
    priya = Seat(PRIYA, council)
    assert priya.sends(view, **GIVEN) == {}
    assert outcomes(council) == ["partly"]
    wanted = "found its outcomes partly met. The next is due on 31 March 2028."
    [done] = [one for one in priya.sees() if wanted in words(one["blocks"])]
    assert "Record the review" not in buttons(done["blocks"])
    priya.presses("Undo the last review", done)
    assert outcomes(council) == []
    assert any("Taken back" in words(one["blocks"]) for one in priya.sees())


def test_what_is_wrong_is_said_in_the_modal_at_its_field(council: Marlshire) -> None:
    view = reminded(council)
    answer = Seat(PRIYA, council).sends(view, **{**GIVEN, "changes": "Mrs Okafor moves.", "next_on": "2027-01-01"})
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {"changes", "next_on"}
    assert "personal data (a name)" in answer["errors"]["changes"]
    assert outcomes(council) == []


def test_sent_twice_it_is_recorded_once(council: Marlshire) -> None:
    view = reminded(council)
    priya = Seat(PRIYA, council)
    priya.sends(view, trigger="1", **GIVEN)
    priya.sends(view, trigger="2", **GIVEN)
    assert outcomes(council) == ["partly"]


def test_typed_in_a_direct_message_it_is_a_button_that_opens_the_form(council: Marlshire) -> None:
    priya = Seat(PRIYA, council)
    priya.writes("record the review of MCC-0008")
    assert "Its next review is due on 31 March 2027." in words(priya.sees()[-1]["blocks"])
    view = priya.opens("Review MCC-0008")
    priya.sends(view, **GIVEN)
    priya.writes("what did the last review of MCC-0008 find?")
    told = priya.sees()[-1]["blocks"]
    within_limits(told)
    assert "A second &lt;!channel&gt; rota &amp; a phone line." in words(told)
    assert all(map(harmless, mrkdwn_of(told)))
    doreen = Seat(DOREEN, council)
    doreen.writes("record the review of MCC-0008")
    assert "Review MCC-0008" not in buttons(doreen.sees()[-1]["blocks"])


def test_a_command_opens_the_form(council: Marlshire) -> None:
    priya = Seat(PRIYA, council)
    priya.types("record the review of mcc-0008")
    view = priya.modal(1)
    assert view["title"]["text"] == "Review MCC-0008"
    assert priya.sends(view, **GIVEN) == {}
    assert outcomes(council) == ["partly"]


def test_a_pattern_is_told_by_references_and_opens_below(council: Marlshire) -> None:
    for text in TEXTS[:3]:
        raises(council.wiring, text, CARE)
    day_passes(council, council.now[0] + timedelta(hours=1))
    priya = Seat(PRIYA, council)
    [letter] = [one for one in priya.sees() if "3 concerns in 30 days" in words(one["blocks"])]
    assert "C-0001, C-0002, C-0003" in words(letter["blocks"])
    assert "Gullhaven" not in words(letter["blocks"])
    priya.presses("Reviews and concerns", letter)
    shown = priya.sees()[-1]["blocks"]
    within_limits(shown)
    assert "No review is recorded here yet." in words(shown)
    assert buttons(letter["blocks"]) == ["Reviews and concerns"], "what was pressed stays"


def test_app_home_shows_a_manager_what_comes_up_with_the_form_a_press_away(council: Marlshire) -> None:
    for text in TEXTS[:3]:
        raises(council.wiring, text, CARE)
    day_passes(council, council.now[0] + timedelta(hours=1))
    priya = Seat(PRIYA, council)
    home = priya.opens_home()
    within_limits(home["blocks"], 100)
    said = words(home["blocks"])
    assert "Reviews coming up *MCC-0011 Community equipment*" in said
    assert "Several concerns on one contract *MCC-0008" in said
    assert "Reviews coming up" not in words(Seat(RUTH, council).opens_home()["blocks"])
    assert "Reviews coming up" not in words(Seat(DOREEN, council).opens_home()["blocks"])
