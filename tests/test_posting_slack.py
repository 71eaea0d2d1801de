"""Sub-contracts in Slack: a stranger fills in the form, a manager decides by a button; contracts become intentions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cast
import pytest
from cast import PRUE
from fake_slack import FakeSlack
from marlshire import PRIYA, RUTH, Marlshire, Seat, buttons, introduce, opened
from test_postings import FILLED
from workspace import words

from handlers.timed import run_due
from knowledge.timeline.clashing import clashes
from knowledge.timeline.history import whole


@pytest.fixture
def council(county_home: Path, fake: FakeSlack, tmp_path: Path) -> Iterator[Marlshire]:
    """The sample council in Slack."""
    with opened(cast.copy_home(county_home, tmp_path / "desk"), fake) as council:
        introduce(council)
        yield council


def labels(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def title_of(council: Marlshire, reference: str) -> str:
    with council.wiring.store.reading() as connection:
        found = whole(connection, reference, council.now[0])
    return found.intention.terms.title if found else ""


def post(council: Marlshire, **more: str) -> dict[str, Any]:
    """Prue, whom nobody knows, posts a sub-contract by a command. Gives what Slack is answered."""
    prue = Seat(PRUE, council)
    prue.types("post a sub-contract")
    view = prue.modal(1)
    assert len(view["title"]["text"]) <= 24
    assert "email" not in labels(view), "Slack knows whom to write to"
    return prue.sends(view, **{**FILLED, "contract": "MCC-0002", **more})


def test_a_sub_contract_is_posted_by_a_command_and_published_by_the_manager(council: Marlshire) -> None:
    assert post(council) == {}
    assert "P-1 (Sub-contract available: Night sitting in Gullhaven) waits" in words(
        Seat(PRUE, council).sees()[-1]["blocks"]
    )
    council.post()
    priya = Seat(PRIYA, council)
    assert buttons(priya.sees()[-1]["blocks"]) == ["Publish", "Open", "Refuse"]
    view = priya.opens("Open")
    assert view["title"]["text"] == "Offered by a provider"
    assert "Two nights a week, for six people." in words(view["blocks"])
    assert PRUE.slack_id in words(view["blocks"])
    priya.presses("Publish")
    assert "INT-1, Night sitting in Gullhaven, is published" in words(priya.sees()[-1]["blocks"])
    assert title_of(council, "INT-1") == "Night sitting in Gullhaven"
    council.post()
    prue = Seat(PRUE, council)
    assert "is published as INT-1" in words(prue.sees()[-1]["blocks"])
    assert prue.sends(prue.opens("Withdraw it"), reason="It is taken.") == {}
    assert "INT-1 is withdrawn" in words(prue.sees()[-1]["blocks"])


def test_what_is_wrong_is_said_in_the_modal(council: Marlshire) -> None:
    answer = post(council, closes="soon", contract="X-1")
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {"closes", "contract"}


def test_refusing_asks_for_the_reason_in_a_modal(council: Marlshire) -> None:
    post(council)
    council.post()
    priya = Seat(PRIYA, council)
    view = priya.opens("Refuse")
    assert labels(view) == ["reason"]
    assert priya.sends(view, reason="It is not theirs to pass on.") == {}
    assert "P-1 is refused. Larkfield Care Ltd is told why." in words(priya.sees()[-1]["blocks"])


def test_typed_in_a_direct_message_it_is_a_button_that_opens_the_form(council: Marlshire) -> None:
    prue = Seat(PRUE, council)
    prue.writes("partner wanted")
    view = prue.opens("Fill in the form")
    kind = next(block for block in view["blocks"] if block.get("block_id") == "kind")
    assert kind["element"]["initial_option"]["value"] == "partner"


def test_a_contract_that_ends_becomes_an_intention_by_its_button(council: Marlshire) -> None:
    council.now[0] = datetime(2026, 12, 1, 10, tzinfo=UTC)
    run_due(council.wiring.desk)
    council.post()
    priya = Seat(PRIYA, council)
    assert "contracts end within 18 months, and nothing on the timeline follows them" in words(
        priya.sees()[-1]["blocks"]
    )
    view = priya.opens("Draft what follows MCC-0002")
    given = {
        block["block_id"]: block["element"].get("initial_value")
        or block["element"].get("initial_option", {}).get("value")
        for block in view["blocks"]
        if block["type"] == "input"
    }
    assert (given["title"], given["follows"], given["route"]) == ("Home care: Brenmouth", "MCC-0002", "undecided")
    assert priya.sends(view, **{name: value for name, value in given.items() if value}) == {}
    assert title_of(council, "INT-1") == "Home care: Brenmouth"


def test_a_tender_near_another_is_told_in_the_modal_once(council: Marlshire) -> None:
    ruth = Seat(RUTH, council)
    said = {"service": "Home care", "route": "tender", "area": "Brenmouth"}
    for number, (title, tender) in enumerate(
        (("Home care", "2027-03-01"), ("Home care at night", "2027-03-20")), start=1
    ):
        ruth.types("new intention")
        view = ruth.modal(number)
        answer = ruth.sends(view, title=title, tender=tender, **said)
    assert answer["response_action"] == "update"
    again = answer["view"]
    assert labels(again)[0] == "anyway"
    assert "INT-1, Home care (1 March 2027)" in words(again["blocks"])
    sent = ruth.sends(
        {"id": view["id"], **again}, anyway="yes", title="Home care at night", tender="2027-03-20", **said
    )
    assert sent == {}
    with council.wiring.store.reading() as connection:
        assert len(clashes(connection, council.now[0].date())) == 1
