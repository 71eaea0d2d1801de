"""What stands under an answer in Slack, pressed: thumbs, why, and a person to ask. Two ways of drawing, one meaning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from fake_slack import CHANNEL, FakeSlack, click_body, feedback_body, mention
from marlshire import DOREEN, IMRAN, RUTH, Marlshire, Seat, button_of, buttons, opened
from workspace import FORM, words

from knowledge.tables import enquiry, rating

QUESTION = "Who signs off a contract worth £600,000?"


@pytest.fixture
def council(county_home: Path, tmp_path: Path, fake: FakeSlack) -> Iterator[Marlshire]:
    with opened(cast.copy_home(county_home, tmp_path / "desk"), fake) as council:
        yield council


def thumbs(message: dict[str, Any]) -> dict[str, Any]:
    """Slack's own feedback buttons of a message."""
    [block] = [one for one in message["blocks"] if one["type"] == "context_actions"]
    return dict(block["elements"][0])


def verdicts(council: Marlshire) -> list[tuple[str, str]]:
    with council.wiring.store.reading() as connection:
        return [(row.verdict, row.reason) for row in connection.execute(sa.select(rating))]


def aside(council: Marlshire, count: int) -> dict[str, Any]:
    """The last of so many replies to whoever pressed."""
    given = council.fake.await_calls("chat.postEphemeral", count)
    council.settled()
    assert len(given) == count
    return given[-1]


@pytest.mark.parametrize("channel", ["", CHANNEL], ids=["in direct messages", "in a Slack channel"])
def test_the_last_thumb_counts_and_only_its_presser_reads_of_it(council: Marlshire, channel: str) -> None:
    doreen = Seat(DOREEN, council)
    if channel:
        council.says(mention(DOREEN, QUESTION))
        [answer] = council.posts()
        answer = council.fake.posted[-1]
    else:
        doreen.writes(QUESTION)
        [answer] = doreen.sees()
    where = channel or f"D0{DOREEN.slack_id}"
    for count, (thumb, said) in enumerate((("positive", ("good", "")), ("negative", ("bad", ""))), start=1):
        council.deliver(feedback_body(DOREEN, thumbs(answer), thumb, channel=where, message=answer), FORM)
        given = aside(council, count)
        assert (given["user"], given["channel"]) == (DOREEN.slack_id, where)
        assert verdicts(council) == [said]
    assert "What is the matter with it?" in words(given["blocks"])
    _, wrong = button_of(given["blocks"], buttons(given["blocks"])[0])
    council.deliver(click_body(DOREEN, wrong["action_id"], wrong["value"], channel=where, ephemeral=True), FORM)
    aside(council, 3)
    assert verdicts(council)[0][0] == "bad"
    assert verdicts(council)[0][1]
    assert len(council.fake.posted) == 1, "nobody else reads of it"
    assert council.fake.made("chat.update") == []


def test_a_plain_thumb_counts_the_same(council: Marlshire) -> None:
    council.fake.lacks("feedback_buttons", error="invalid_blocks")
    doreen = Seat(DOREEN, council)
    doreen.writes(QUESTION)
    doreen.presses("Not a good answer")
    aside(council, 1)
    assert verdicts(council) == [("bad", "")]


def test_a_person_is_asked_by_a_press_that_stands_in_the_answer(council: Marlshire) -> None:
    doreen = Seat(DOREEN, council)
    doreen.writes("recipe for marmalade?")
    doreen.presses("Ask a person")
    [answer] = doreen.sees()
    assert "E-1" in words(answer["blocks"])
    assert "Ask a person" not in buttons(answer["blocks"])
    assert "Questions waiting for a person" in str(Seat(RUTH, council).opens_home())
    with council.wiring.store.reading() as connection:
        assert [row.state for row in connection.execute(sa.select(enquiry))] == ["waiting"]


def test_somebody_elses_question_is_not_passed_on(council: Marlshire) -> None:
    council.says(mention(DOREEN, QUESTION))
    council.posts()
    answer = council.fake.posted[-1]
    block, button = button_of(answer["blocks"], "Ask a person")
    press = click_body(
        IMRAN, button["action_id"], button["value"], channel=CHANNEL, message=answer, block_id=block["block_id"]
    )
    council.deliver(press, FORM)
    assert aside(council, 1)["user"] == IMRAN.slack_id
    with council.wiring.store.reading() as connection:
        assert connection.execute(sa.select(enquiry)).all() == []
