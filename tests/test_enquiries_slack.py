"""A question for a person in Slack: from a Member's thread to the officers' channel and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from cast import Somebody
from fake_slack import Answer, FakeSlack, click_body
from marlshire import DOREEN, IMRAN, RUTH, Marlshire, Seat, button_of, buttons, opened
from workspace import FORM, harmless, mrkdwn_of, within_limits, words

from knowledge.tables import notification

OFFICERS = "C0OFFICERS"
ASKED = "Which parking permits do visiting inspectors use <!channel>?"
ANSWER = "The blue permit & the book at reception, <@U0DOREEN>."


@pytest.fixture
def council(county_home: Path, fake: FakeSlack, tmp_path: Path) -> Iterator[Marlshire]:
    """The sample council in Slack, its officers in a channel of their own."""
    home = cast.copy_home(county_home, tmp_path / "desk")
    with opened(home, fake, changes={"officers_channel": OFFICERS}) as council:
        yield council


def in_channel(council: Marlshire) -> list[dict[str, Any]]:
    """What stands in the officers' channel."""
    return [one for one in council.fake.posted if one["channel"] == OFFICERS]


def clicks(council: Marlshire, who: Somebody, label: str, **more: Any) -> None:
    """Somebody presses a button of the first message in the officers' channel."""
    message = in_channel(council)[0]
    block, button = button_of(message["blocks"], label)
    body = click_body(
        who, button["action_id"], button["value"], channel=OFFICERS, message=message, block_id=block["block_id"], **more
    )
    assert council.deliver(body, FORM).status_code == 200
    council.settled()


def passes_on(council: Marlshire, who: Somebody) -> str:
    """Somebody asks in a direct message, and then a person. Gives the ts of what they wrote."""
    seat = Seat(who, council)
    ts = seat.writes(ASKED)
    body = click_body(
        who, "do:ask_person:0", "1", channel=f"D0{who.slack_id}", message=seat.sees()[-1], block_id=f"acts:{ts}:0:x"
    )
    assert council.deliver(body, FORM).status_code == 200
    council.settled()
    return ts


def unseen(council: Marlshire) -> list[str]:
    """What was shown to one person only."""
    return [words(one["blocks"]) for one in council.fake.made("chat.postEphemeral")]


def test_a_question_goes_from_a_members_thread_to_the_officers_channel_and_back(council: Marlshire) -> None:
    ts = passes_on(council, DOREEN)
    doreen = Seat(DOREEN, council)
    assert "Passed on as E-1: one of the officers answers you by 24 November 2026" in words(doreen.sees()[-1]["blocks"])
    council.post()
    [asked] = in_channel(council)
    within_limits(asked["blocks"])
    assert "Doreen Haspell (Member) asks the officers (E-1)" in words(asked["blocks"])
    assert all(map(harmless, mrkdwn_of(asked["blocks"])))
    assert buttons(asked["blocks"]) == ["I take it", "Answer", "Drop it"]

    clicks(council, RUTH, "I take it")
    assert "You have E-1" in unseen(council)[-1]
    clicks(council, IMRAN, "I take it")
    assert "officers answer these" in unseen(council)[-1]
    council.post()
    assert words(in_channel(council)[-1]["blocks"]) == "E-1 is with Ruth Calloway (officer)."

    clicks(council, RUTH, "Answer")
    view = Seat(RUTH, council).modal(1)
    assert view["title"]["text"] == "Answer E-1"
    given = {"answer": "", "rests_on": "own", "access": "internal", "teach": "yes", "asks": "inspectors' permits"}
    assert "answer" in Seat(RUTH, council).sends(view, **given)["errors"]
    assert "a name" in Seat(RUTH, council).sends(view, **{**given, "answer": ANSWER})["errors"]["teach"]
    assert Seat(RUTH, council).sends(view, **{**given, "answer": ANSWER, "teach": "anyway"}) == {}
    council.post()
    answer = doreen.sees()[-1]
    assert answer["thread_ts"] == ts, "it comes back to the thread where it was asked"
    assert "Ruth Calloway (officer) answers: The blue permit" in words(answer["blocks"])
    assert all(map(harmless, mrkdwn_of(answer["blocks"])))

    council.wiring.index.settle(60)
    imran = Seat(IMRAN, council)
    imran.writes("inspectors' permits")
    assert "The blue permit" in words(imran.sees()[-1]["blocks"])
    assert "officer's answer, not the papers' words" in words(imran.sees()[-1]["blocks"])


def first(council: Marlshire) -> tuple[str, list[str]]:
    """What the first message in the officers' channel says now, and its buttons, a minute later."""
    council.post()
    council.now[0] += timedelta(minutes=1)
    blocks = in_channel(council)[0]["blocks"]
    return words(blocks), buttons(blocks)


def test_what_told_of_a_question_says_who_has_it_and_who_answered_it(council: Marlshire) -> None:
    passes_on(council, DOREEN)
    council.post()
    clicks(council, RUTH, "I take it")
    said, offered = first(council)
    assert "Doreen Haspell (Member) asks" in said
    assert "E-1 is with Ruth Calloway (officer). Please answer by 24 November 2026." in said
    assert offered == ["Answer", "Give it back", "Drop it"]
    clicks(council, RUTH, "Give it back")
    assert first(council)[1] == ["I take it", "Answer", "Drop it"]
    clicks(council, RUTH, "Answer")
    given = {"rests_on": "own", "access": "internal", "teach": "no", "asks": "", "answer": "At reception."}
    assert Seat(RUTH, council).sends(Seat(RUTH, council).modal(1), **given) == {}
    said, offered = first(council)
    assert "E-1 is answered by Ruth Calloway (officer)." in said
    assert "Please" not in said
    assert offered == ["Teach the desk"]
    clicks(council, RUTH, "Teach the desk")
    assert first(council)[1] == []
    assert all(map(harmless, mrkdwn_of(in_channel(council)[0]["blocks"])))


def test_one_that_is_dropped_keeps_no_button(council: Marlshire) -> None:
    passes_on(council, DOREEN)
    council.post()
    clicks(council, RUTH, "Drop it")
    assert Seat(RUTH, council).sends(Seat(RUTH, council).modal(1), reason="It is no question.") == {}
    said, offered = first(council)
    assert ("E-1 was dropped by Ruth Calloway (officer)." in said, offered) == (True, [])


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "channel_not_found"])
def test_a_message_that_is_gone_holds_nothing_up(council: Marlshire, error: str) -> None:
    passes_on(council, DOREEN)
    council.post()
    council.fake.will("chat.update", Answer({"ok": False, "error": error}))
    clicks(council, RUTH, "I take it")
    council.post()
    with council.wiring.store.reading() as connection:
        kinds = connection.execute(sa.select(notification.c.kind, notification.c.state)).all()
    assert ("enquiry_renewed", "sent") in [tuple(one) for one in kinds]


def test_the_same_press_delivered_twice_asks_once(council: Marlshire) -> None:
    for _ in range(2):
        seat = Seat(DOREEN, council)
        if not seat.sees():
            seat.writes(ASKED)
        body = click_body(DOREEN, "do:ask_person:0", "1", channel=f"D0{DOREEN.slack_id}", message=seat.sees()[0],
                          trigger="T1")  # fmt: skip
        assert council.deliver(body, FORM).status_code == 200
        council.settled()
    council.post()
    assert len(in_channel(council)) == 1
