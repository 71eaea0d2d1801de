"""The same journeys in a local Slack: real deliveries, real child processes, over HTTP and over Socket Mode."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import cast
import pytest
from cast import EVERYBODY, MAX, OLIVE, PRUE
from fake_slack import until
from lab import BOT, CHANNEL, Camera, Lab, kill_with_its_workers, open_lab, text_of
from marlshire import CARER, COUNCIL, DOREEN, PRIYA, button_of, buttons
from workspace import words

QUESTION = "Who signs off a contract worth £600,000?"
ANSWER = "9.5 From £250,000 and under £1 million"
CEILING = "affordability ceiling"


@pytest.fixture(scope="module", params=["events", "socket"])
def running(
    request: pytest.FixtureRequest, sample_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """A local Slack with the desk in it, in one of the two modes."""
    with open_lab(request.param, sample_home, tmp_path_factory.mktemp(request.param), EVERYBODY) as lab:
        yield lab


@pytest.fixture
def lab(running: Lab) -> Lab:
    """The same with nothing said yet."""
    running.call("/_control/reset", {})
    return running


def test_a_mention_is_answered_in_its_thread(lab: Lab) -> None:
    asked = lab.says(PRUE, f"<@{BOT}> {QUESTION}")
    [reply] = lab.await_replies()
    assert reply["thread_ts"] == asked
    assert ANSWER in reply["text"]
    assert all(one["ms"] < 3_000 for one in lab.deliveries()), "acknowledged within three seconds"
    assert all(one["ok"] for one in lab.call("/_plus/calls")), "nothing that Slack would refuse"


def test_a_direct_message_is_answered_by_the_askers_role(lab: Lab) -> None:
    for who, may in ((MAX, True), (OLIVE, False)):
        channel = lab.direct_channel(who)
        lab.says(who, CEILING, channel)
        [reply] = lab.await_replies(channel)
        assert (cast.CEILING in text_of(reply)) is may, who.name


def test_a_manager_in_a_channel_reads_public_papers_only(lab: Lab) -> None:
    lab.says(MAX, f"<@{BOT}> {CEILING}")
    [reply] = lab.await_replies()
    assert cast.CEILING not in text_of(reply)


def test_a_command_is_answered_to_the_asker_only(lab: Lab) -> None:
    lab.call("/_control/command", {"channel": CHANNEL, "user": OLIVE.slack_id, "command": "/desk", "text": QUESTION})
    [reply] = lab.await_replies()
    assert (reply["subtype"], reply["ephemeral_to"]) == ("ephemeral", OLIVE.slack_id)
    assert ANSWER in reply["text"]


def test_an_event_delivered_twice_is_answered_once(lab: Lab) -> None:
    event = {
        "type": "app_mention", "user": PRUE.slack_id, "channel": CHANNEL, "text": f"<@{BOT}> {QUESTION}",
        "ts": "1790000001.000100",
    }  # fmt: skip
    for attempt in (0, 1, 2):
        more = {"retry_num": attempt} if attempt else {}
        told = lab.call("/_plus/event", {"event": event, "event_id": f"EvTwice{lab.mode}", "opts": more})
        assert told.get("acked") or told.get("status") == 200, "acknowledged each time"
    lab.await_replies(count=1)
    lab.says(PRUE, f"<@{BOT}> hello")
    replies = lab.await_replies(count=2)
    assert sum(ANSWER in one["text"] for one in replies) == 1


def test_a_busy_slack_is_tried_again(lab: Lab) -> None:
    lab.call("/_plus/fault", {"method": "chat.postMessage", "status": 429, "retry_after": 1, "times": 1})
    lab.says(PRUE, f"<@{BOT}> {QUESTION}")
    lab.await_replies(count=1)


def test_a_button_opens_the_passage(lab: Lab) -> None:
    lab.says(PRUE, f"<@{BOT}> What questions must a diagnostic report answer?")
    [reply] = lab.await_replies()
    button = next(one for one in reply["blocks"] if one["type"] == "actions")["elements"][0]
    action = {"type": "button", "action_id": button["action_id"], "block_id": "b", "value": button["value"]}
    lab.call(
        "/_control/interact", {"channel": CHANNEL, "messageTs": reply["ts"], "user": PRUE.slack_id, "action": action}
    )
    until(lambda: lab.call("/_plus/ui")["modalStack"], "the modal open")
    assert "What would happen if we stopped?" in text_of(lab.call("/_plus/ui")["modalStack"][-1])


def test_a_kill_between_acknowledgement_and_answer_loses_nothing(lab: Lab) -> None:
    """The desk dies while Slack keeps its post waiting, and fails it; the next desk answers, once."""
    lab.call("/_plus/fault", {"method": "chat.postMessage", "delay_ms": 3_000, "status": 500, "times": 1})
    asked = lab.says(PRUE, f"<@{BOT}> {QUESTION}")
    until(lambda: any(one["method"] == "chat.postMessage" for one in lab.call("/_plus/calls")), "the answer under way")
    assert lab.replies() == []
    for child in lab.children:
        kill_with_its_workers(child)
    lab.children.clear()
    assert lab.open_events() == 1, "acknowledged, written down, not handled"
    lab.expire()
    if lab.mode == "socket":
        until(lambda: sum(lab.call("/_plus/state")["sockets"].values()) == 0, "the old connection gone")
    lab.start_desk()
    [reply] = lab.await_replies()
    assert reply["thread_ts"] == asked
    assert ANSWER in reply["text"]


# --- a concern ----------------------------------------------------------------------------------------------------


@pytest.fixture
def council(county_home: Path, tmp_path: Path) -> Iterator[Lab]:
    """The sample council with its register, in a local Slack of its own."""
    with open_lab("events", county_home, tmp_path, COUNCIL) as lab:
        yield lab


def test_a_concern_from_a_members_message_to_the_news_in_its_thread(council: Lab) -> None:
    """The whole way with its pages; TEST_SCREENSHOTS names a folder for pictures of them."""
    hers, his = council.direct_channel(DOREEN), council.direct_channel(PRIYA)
    with Camera(council, os.environ.get("TEST_SCREENSHOTS", "")) as camera:
        council.call(
            "/_control/command", {"channel": hers, "user": DOREEN.slack_id, "command": "/desk", "text": "raise"}
        )
        until(council.modal, "the form of a new concern")
        camera.takes("0-new-concern", DOREEN, hers)
        council.close(DOREEN)
        written = council.says(DOREEN, CARER, hers)
        [offer] = council.await_replies(hers)
        camera.takes("1-members-message", DOREEN, hers)
        council.press(DOREEN, hers, offer, "Raise it")
        [receipt] = council.await_replies(hers)
        assert "C-0001 is raised" in words(receipt["blocks"])
        camera.takes("2-raised", DOREEN, hers)

        council.work()
        [told] = council.await_replies(his)
        camera.takes("3-managers-message", PRIYA, his)
        council.press(PRIYA, his, told, "Acknowledge")
        [told] = council.await_replies(his)
        assert "You have C-0001 in hand" in words(told["blocks"])
        camera.takes("4-acknowledged", PRIYA, his)

        council.press(PRIYA, his, told, "Open")
        assert CARER in words(council.modal()["blocks"])
        camera.takes("5-opened", PRIYA, his)
        council.close(PRIYA)
        council.press(PRIYA, his, told, "Ask the provider")
        assert council.modal()["title"]["text"] == "Ask the provider"
        errors = council.send(PRIYA, to="help at the provider", text="Why were three calls missed?")
        assert errors == {"to": "An e-mail address, please: name@firm.example.org"}
        camera.takes("6-form", PRIYA, his)
        camera.takes_sent("6-field-error", "Ask them", "help at the provider", "Why were three calls missed?")
        assert council.send(PRIYA, to="help@provider.example.org", text="Why were three calls missed?") == {}
        until(lambda: "The provider is asked" in text_of(council.replies(his)[0]), "the message brought up to date")
        camera.takes("7-provider-asked", PRIYA, his)

        council.work()
        news = [one for one in council.await_replies(hers, 3) if one.get("thread_ts") == written]
        assert sum("Priya Venn has C-0001 in hand" in one["text"] for one in news) == 1
        assert sum("Priya Venn has asked the provider" in one["text"] for one in news) == 1
        camera.takes("8-news-in-the-thread", DOREEN, hers, thread=written)
        for who, title in ((DOREEN, "Raised or followed by you"), (PRIYA, "Yours to carry")):
            home = council.open_home(who)
            assert title in words(home["blocks"])
            assert "with the provider" in words(home["blocks"])
            assert button_of(home["blocks"], "Open")
            camera.takes(f"9-home-{who.role}", who)
        assert buttons(council.replies(his)[0]["blocks"])[0] != "Acknowledge"
    assert all(one["ms"] < 3_000 for one in council.deliveries()), "acknowledged within three seconds"
    assert council.refused() == set(), "nothing that Slack would refuse"


def test_a_manager_writes_an_intention_in_a_form_and_changes_it_with_a_reason(council: Lab) -> None:
    his = council.direct_channel(PRIYA)
    with Camera(council, os.environ.get("TEST_SCREENSHOTS", "")) as camera:
        council.command(PRIYA, his, "new intention")
        assert council.modal()["title"]["text"] == "New intention"
        camera.takes("10-new-intention", PRIYA, his)
        errors = council.send(PRIYA, title="Home care in Gullhaven", tender="soonish", value="£200k to £500k")
        assert list(errors) == ["tender"]
        given = {"title": "Home care in Gullhaven", "tender": "Q4 2026/27", "value": "£200k to £500k"}
        until(lambda: council.send(PRIYA, **given) == {}, "published, though a busy desk may ask to send it again")
        reply = council.last_reply(his)
        assert "INT-1, Home care in Gullhaven, is on the timeline now" in words(reply["blocks"])
        camera.takes("11-published", PRIYA, his)
        council.press(PRIYA, his, reply, "Change it")
        camera.takes("12-change", PRIYA, his)
        until(lambda: council.send(PRIYA, tender="June 2027").keys() == {"reason"}, "a reason asked for")
        council.send(PRIYA, tender="June 2027", reason="The market asked for time.")
        until(lambda: "version 2" in text_of(council.replies(his)), "the change told", 15)
        assert council.refused() == set(), "nothing that Slack would refuse"
