"""What a workspace has of Slack's agent features and what it lacks: feedback buttons, a status, streamed answers."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest
from cast import HOME_TEAM, OLIVE
from fake_slack import BOT_TOKEN, CHANNEL, Answer, FakeSlack, click_body, feedback_body
from slack_sdk.errors import SlackApiError
from workspace import within_limits, words

from bot.slack.abilities import Abilities, Ability
from bot.slack.client import hasty_client, slack_client
from bot.slack.payloads import Payload
from bot.slack.posting import Posting
from bot.slack.presses import press
from bot.slack.status import Status
from bot.slack.streaming import LONG, Streaming
from handlers.messages import Choice, Citation, Outcome, Reply

THREAD, DIRECT = "1790000000.000001", f"D0{OLIVE.slack_id}"
QUOTE = "Grants are for what the council cannot buy."


@dataclass
class Desk:
    """What sends replies to a faked Slack. `kept`: what was written down for the next try; `seconds`: of its clock."""

    fake: FakeSlack
    kept: list[Payload] = field(default_factory=list)
    seconds: list[float] = field(default_factory=lambda: [0.0])

    def __post_init__(self) -> None:
        self.abilities = Abilities(lambda: self.seconds[0])
        self.client, self.hasty = slack_client(BOT_TOKEN, self.fake.url), hasty_client(BOT_TOKEN, self.fake.url)
        self.client.retry_handlers = []
        streaming = Streaming(self.client, self.hasty, self.abilities, lambda id, payload: self.kept.append(payload))
        self.posting = Posting(self.client, "", self.abilities, streaming)

    def send(self, reply: Reply, id: str = "slack:Ev1", **more: Any) -> None:
        """Sends a reply to what Olive said: in a thread of a Slack channel, unless `more` says otherwise."""
        self.posting.send(id, asked(**more), reply)

    def calls(self) -> list[str]:
        """The methods called so far."""
        return [one.method for one in self.fake.calls]


def asked(**more: Any) -> Payload:
    """What was written down of a mention in a Slack channel."""
    return {
        "user": OLIVE.slack_id, "channel": CHANNEL, "public": True, "reply_in": THREAD, "team": HOME_TEAM, **more,
    }  # fmt: skip


def answer(size: int = 0, **more: Any) -> Reply:
    """An answer of two sentences from a passage, so many characters longer; its question is number 12."""
    quote = QUOTE + " And so on." * (size // 11)
    citation = Citation(document="guide", title="The guide", locator="2.2", quote=quote, passage="guide#2.2")
    given = {"text": "Grants are few. They are for small charities.", "question": 12, "citations": (citation,), **more}
    return Reply(outcome=Outcome.ANSWERED, **given)


@pytest.fixture
def desk(fake: FakeSlack) -> Desk:
    return Desk(fake)


def kinds(message: dict[str, Any]) -> list[str]:
    return [one["type"] for one in message["blocks"]]


def labels(message: dict[str, Any]) -> list[str]:
    """What stands on the plain buttons."""
    rows = [one["elements"] for one in message["blocks"] if one["type"] == "actions"]
    return [one["text"]["text"] for row in rows for one in row]


# --- feedback -----------------------------------------------------------------------------------------------------


def test_an_answer_has_slacks_own_thumbs_and_a_person_to_ask(desk: Desk) -> None:
    desk.send(answer())
    [message] = desk.fake.posted
    within_limits(message["blocks"])
    assert kinds(message).count("context_actions") == 1
    assert "Ask a person" in labels(message)
    assert message["metadata"]["event_payload"] == {"incoming": "slack:Ev1"}


def test_what_is_no_answer_about_the_papers_has_neither(desk: Desk) -> None:
    desk.send(answer(question=None))
    [message] = desk.fake.posted
    assert "context_actions" not in kinds(message)
    assert "Ask a person" not in labels(message)


def test_a_person_stands_there_once_where_the_answer_offers_one_itself(desk: Desk) -> None:
    desk.send(answer(choices=(Choice(label="Ask a person", action="ask_person", about="12"),)))
    assert labels(desk.fake.posted[0]).count("Ask a person") == 1


@pytest.mark.parametrize("error", ["invalid_blocks", "invalid_blocks_format", "unsupported_block_type"])
def test_where_slack_does_not_take_the_thumbs_there_are_plain_ones_and_no_second_try(desk: Desk, error: str) -> None:
    desk.fake.lacks("feedback_buttons", error=error)
    desk.send(answer(), "slack:Ev1")
    desk.send(answer(), "slack:Ev2")
    assert desk.calls().count("chat.postMessage") == 3, "the first was refused once, the second never"
    assert len(desk.fake.posted) == 2
    for message in desk.fake.posted:
        within_limits(message["blocks"])
        assert {"Good answer", "Not a good answer", "Ask a person"} <= set(labels(message))


def test_after_an_hour_the_thumbs_are_tried_again(desk: Desk) -> None:
    desk.fake.lacks("feedback_buttons", error="invalid_blocks")
    desk.send(answer())
    desk.seconds[0] += 3_599
    desk.send(answer())
    assert "context_actions" not in kinds(desk.fake.posted[-1])
    desk.fake.lacking.clear()
    desk.seconds[0] += 1
    desk.send(answer())
    assert "context_actions" in kinds(desk.fake.posted[-1])


def test_blocks_that_are_refused_for_something_else_say_nothing_of_the_thumbs(desk: Desk) -> None:
    wrong = Answer({"ok": False, "error": "invalid_blocks"})
    desk.fake.will("chat.postMessage", wrong, wrong)
    with pytest.raises(SlackApiError):
        desk.send(answer())
    assert desk.abilities.has(Ability.FEEDBACK)


def test_an_answer_to_its_asker_only_loses_no_button_where_thumbs_are_refused(desk: Desk) -> None:
    desk.fake.lacks("feedback_buttons", error="invalid_blocks")
    desk.send(answer(), only_to_asker=True)
    assert desk.calls() == ["chat.postEphemeral", "chat.postEphemeral"], "and none by direct message"
    assert "Good answer" in labels(desk.fake.made("chat.postEphemeral")[-1])


def pressed(body: str) -> Payload:
    """What is written down of a press."""
    found = press(json.loads(parse_qs(body)["payload"][0]))
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("thumb", "verdict"), [("positive", "good"), ("negative", "bad")])
@pytest.mark.parametrize("channel", [CHANNEL, DIRECT])
def test_a_thumb_says_its_verdict_and_is_answered_to_whoever_pressed(
    desk: Desk, thumb: str, verdict: str, channel: str
) -> None:
    desk.send(answer(), channel=channel)
    [message] = desk.fake.posted
    [block] = [one for one in message["blocks"] if one["type"] == "context_actions"]
    body = feedback_body(OLIVE, block["elements"][0], thumb, channel=channel, message=message)
    payload = pressed(body)
    assert (payload["action"], payload["about"], payload["fields"]) == ("rate", "12", {"verdict": verdict})
    assert payload["only_to_asker"]
    assert payload["message"] is None, "the answer stays as it is"


def test_a_plain_thumb_says_the_same(desk: Desk) -> None:
    desk.fake.lacks("feedback_buttons", error="invalid_blocks")
    desk.send(answer())
    [row] = [one for one in desk.fake.posted[0]["blocks"] if one.get("block_id", "").startswith("rating:")]
    payload = pressed(click_body(OLIVE, row["elements"][1]["action_id"], row["elements"][1]["value"]))
    assert (payload["action"], payload["about"], payload["fields"]) == ("rate", "12", {"verdict": "bad"})


def test_why_it_was_bad_is_answered_aside_too_and_a_person_is_asked_in_the_message(desk: Desk) -> None:
    why = pressed(click_body(OLIVE, "do:rate_why:0", "12|wrong", channel=DIRECT, ephemeral=True))
    assert (why["action"], why["about"], why["only_to_asker"]) == ("rate_why", "12|wrong", True)
    desk.send(answer(), channel=DIRECT)
    asks = pressed(
        click_body(OLIVE, "do:ask_person:0", "12", channel=DIRECT, message=desk.fake.posted[0], block_id="acts:1.2:0:")
    )
    assert (asks["action"], asks["about"], asks["only_to_asker"]) == ("ask_person", "12", False)
    assert asks["origin"] == {"channel": DIRECT, "thread_ts": THREAD}
    desk.posting.send("slack:t", asks, Reply(outcome=Outcome.SETTING, text="Olive will answer by Friday."))
    [message] = desk.fake.posted
    assert "Olive will answer by Friday." in words(message["blocks"])
    assert "context_actions" in kinds(message), "the thumbs stay"
    assert "Ask a person" not in labels(message), "it is asked"


# --- to the asker only --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.CONCERN, Outcome.SUBSCRIPTION, Outcome.SAFEGUARDING])
def test_what_is_personal_goes_to_its_asker_only_where_others_read_along(desk: Desk, outcome: Outcome) -> None:
    desk.send(Reply(outcome=outcome, text="Yours alone."))
    [given] = desk.fake.made("chat.postEphemeral")
    assert (given["user"], given["channel"], given["thread_ts"]) == (OLIVE.slack_id, CHANNEL, THREAD)
    assert "metadata" not in given
    assert desk.fake.posted == []


@pytest.mark.parametrize(
    "error", ["not_in_channel", "user_not_in_channel", "is_archived", "channel_type_not_supported"]
)
def test_where_it_cannot_be_shown_there_it_goes_by_direct_message(desk: Desk, error: str) -> None:
    desk.fake.will("chat.postEphemeral", Answer({"ok": False, "error": error}))
    desk.send(Reply(outcome=Outcome.REFUSED, text="Yours alone."))
    [message] = desk.fake.posted
    assert message["channel"] == OLIVE.slack_id
    assert "thread_ts" not in message


# --- streams ------------------------------------------------------------------------------------------------------


def test_a_long_answer_is_streamed_and_stands_there_whole_and_once(desk: Desk) -> None:
    desk.send(answer(LONG))
    assert desk.calls() == ["chat.startStream", "chat.appendStream", "chat.stopStream"]
    [begun] = desk.fake.made("chat.startStream")
    assert (begun["recipient_user_id"], begun["recipient_team_id"]) == (OLIVE.slack_id, HOME_TEAM)
    [message] = desk.fake.posted
    within_limits(message["blocks"])
    said = words(message["blocks"])
    assert said.count("They are for small charities.") == 1
    assert said.count(QUOTE) == 1
    assert message["metadata"] == {"event_type": "desk_reply", "event_payload": {"incoming": "slack:Ev1"}}
    assert "Ask a person" in labels(message)


@pytest.mark.parametrize(
    ("size", "more"),
    [(0, {}), (LONG, {"reply_in": ""}), (LONG, {"only_to_asker": True})],
    ids=["a short one", "one to no message", "one to its asker only"],
)
def test_no_other_answer_is_streamed(desk: Desk, size: int, more: dict[str, Any]) -> None:
    desk.send(answer(size), **more)
    assert len(desk.calls()) == 1
    assert "chat.startStream" not in desk.calls()


DIRECTLY = {"channel": DIRECT, "public": False, "reply_in": "", "root": THREAD}
"""Somebody writes to the desk, outside threads."""


def test_a_long_answer_to_a_direct_message_is_streamed_below_it(desk: Desk) -> None:
    desk.send(answer(LONG), **DIRECTLY)
    assert desk.calls() == ["chat.startStream", "chat.appendStream", "chat.stopStream"]
    [message] = desk.fake.posted
    assert (message["channel"], message["thread_ts"]) == (DIRECT, THREAD)
    assert words(message["blocks"]).count(QUOTE) == 1


@pytest.mark.parametrize("error", ["unknown_method", "invalid_arguments", "method_not_supported_for_channel_type"])
def test_where_direct_messages_are_not_streamed_the_answer_stands_beside_the_question(desk: Desk, error: str) -> None:
    desk.fake.lacks("chat.startStream", error=error)
    desk.send(answer(LONG), **DIRECTLY)
    [message] = desk.fake.posted
    assert "thread_ts" not in message
    desk.send(answer(0), **DIRECTLY)
    assert "thread_ts" not in desk.fake.posted[1], "nor does a short one ever begin a thread"


def test_what_is_no_answer_about_the_papers_is_not_streamed(desk: Desk) -> None:
    desk.send(answer(LONG).model_copy(update={"outcome": Outcome.TIMELINE}))
    assert desk.calls() == ["chat.postMessage"]


@pytest.mark.parametrize("error", ["unknown_method", "missing_scope", "method_not_supported_for_channel_type"])
def test_where_a_workspace_does_not_stream_answers_are_posted_and_no_second_one_waits(desk: Desk, error: str) -> None:
    desk.fake.lacks("chat.startStream", error=error)
    desk.send(answer(LONG), "slack:Ev1")
    desk.send(answer(LONG), "slack:Ev2")
    assert desk.calls() == ["chat.startStream", "chat.postMessage", "chat.postMessage"]
    assert len(desk.fake.posted) == 2


def test_a_kind_of_place_that_does_not_stream_says_nothing_of_another(desk: Desk) -> None:
    desk.fake.lacks("chat.startStream", error="method_not_supported_for_channel_type")
    desk.send(answer(LONG), channel=DIRECT)
    desk.fake.lacking.clear()
    desk.send(answer(LONG))
    assert desk.calls()[-1] == "chat.stopStream"


def test_a_busy_slack_streams_nothing_now_and_is_asked_again(desk: Desk) -> None:
    busy = Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "30"})
    desk.fake.will("chat.startStream", busy)
    desk.send(answer(LONG))
    assert desk.calls() == ["chat.startStream", "chat.postMessage"]
    desk.send(answer(LONG))
    assert desk.calls()[-1] == "chat.stopStream"


@pytest.mark.parametrize("breaks", ["chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize(
    "failure", [Answer({"ok": False, "error": "internal_error"}, 500), Answer("<html>", 502), Answer({"ok": False})]
)
def test_a_stream_that_breaks_is_made_whole_in_its_place(desk: Desk, breaks: str, failure: Answer) -> None:
    desk.fake.will(breaks, failure)
    desk.send(answer(LONG))
    [message] = desk.fake.posted
    said = words(message["blocks"])
    assert (said.count("Grants are few."), said.count(QUOTE)) == (1, 1)
    assert "Grants are few. They are for small charities." in said
    assert "Ask a person" in labels(message)
    assert message["metadata"]["event_payload"] == {"incoming": "slack:Ev1"}


def test_a_stream_whose_end_arrived_and_was_not_confirmed_is_still_one_answer(desk: Desk) -> None:
    desk.hasty.timeout = 1
    end = threading.Event()
    desk.fake.will("chat.stopStream", Answer({"ok": True}, wait=end))
    desk.send(answer(LONG))
    end.set()
    [message] = desk.fake.posted
    assert words(message["blocks"]).count(QUOTE) == 1


def test_a_broken_stream_that_cannot_be_put_right_is_taken_away_and_the_answer_posted(desk: Desk) -> None:
    desk.fake.will("chat.appendStream", Answer({"ok": False, "error": "message_not_found"}))
    desk.fake.will("chat.update", Answer({"ok": False, "error": "cant_update_message"}))
    desk.send(answer(LONG))
    [message] = desk.fake.posted
    assert desk.calls()[-2:] == ["chat.delete", "chat.postMessage"]
    assert words(message["blocks"]).count(QUOTE) == 1


def test_a_stream_left_by_a_process_that_died_is_made_whole_by_the_next(desk: Desk) -> None:
    away = Answer({"ok": False, "error": "service_unavailable"}, 503)
    desk.fake.will("chat.appendStream", away)
    desk.fake.will("chat.update", away)
    with pytest.raises(SlackApiError):
        desk.send(answer(LONG))
    [kept] = desk.kept
    desk.posting.send("slack:Ev1", kept, answer(LONG))
    [message] = desk.fake.posted
    assert message["ts"] == kept["stream"]
    assert words(message["blocks"]).count(QUOTE) == 1
    assert desk.calls().count("chat.startStream") == 1


def test_what_slack_would_parse_is_streamed_harmless(desk: Desk) -> None:
    desk.send(answer(LONG, text="<!channel> *look* at [this](https://evil.example.org). Now."))
    streamed = desk.fake.made("chat.startStream")[0]["markdown_text"]
    assert "<" not in streamed
    assert r"\*look\* at \[this\](" in streamed


# --- a status -----------------------------------------------------------------------------------------------------


def shown(desk: Desk) -> list[str]:
    return [one["status"] for one in desk.fake.made("assistant.threads.setStatus")]


def status(desk: Desk, moment: float = 0.02) -> Status:
    return Status(desk.client, desk.hasty, desk.abilities, moment)


def test_a_quick_answer_shows_no_status(desk: Desk) -> None:
    with status(desk, 5.0).while_working(asked()):
        """Done at once."""
    assert desk.calls() == []


def test_a_slow_answer_shows_one_and_takes_it_away(desk: Desk) -> None:
    with status(desk).while_working(asked()):
        time.sleep(0.1)
        assert shown(desk) == ["is looking in the papers…"]
    assert shown(desk)[1:] == [""]
    [first, _] = desk.fake.made("assistant.threads.setStatus")
    assert (first["channel_id"], first["thread_ts"]) == (CHANNEL, THREAD)
    assert 0 < len(first["loading_messages"]) <= 10


def test_a_status_goes_when_something_goes_wrong(desk: Desk) -> None:
    def breaks() -> None:
        with status(desk).while_working(asked()):
            time.sleep(0.1)
            raise RuntimeError("of the test")

    with pytest.raises(RuntimeError):
        breaks()
    assert shown(desk)[-1] == ""


def test_a_status_that_arrived_late_goes_too(desk: Desk) -> None:
    late = threading.Event()
    desk.fake.will("assistant.threads.setStatus", Answer(wait=late))
    threading.Timer(0.2, late.set).start()
    with status(desk).while_working(asked()):
        time.sleep(0.1)
    assert len(shown(desk)) == 2
    assert shown(desk)[-1] == ""


@pytest.mark.parametrize("error", ["unknown_method", "missing_scope", "method_not_supported_for_channel_type"])
def test_where_a_workspace_has_no_status_it_is_asked_once_an_hour(desk: Desk, error: str) -> None:
    desk.fake.lacks("assistant.threads.setStatus", error=error)
    for _ in range(3):
        with status(desk).while_working(asked()):
            time.sleep(0.05)
    assert len(shown(desk)) == 1
    desk.seconds[0] += 3_600
    with status(desk).while_working(asked()):
        time.sleep(0.05)
    assert len(shown(desk)) == 2


@pytest.mark.parametrize("more", [{"only_to_asker": True}, {"action": "raise"}, {"reply_in": ""}])
def test_no_status_is_shown_where_nobody_waits_in_a_thread(desk: Desk, more: dict[str, Any]) -> None:
    with status(desk).while_working(asked(**more)):
        time.sleep(0.05)
    assert desk.calls() == []
