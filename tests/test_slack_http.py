"""Slack over HTTP: signed deliveries to the real application, and a fake Web API that records what the desk does."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from cast import ELSIE, MAX, MO, OLIVE, PRUE, Somebody
from fake_slack import (
    BOT,
    BOT_TOKEN,
    CHANNEL,
    SIGNING_SECRET,
    Answer,
    FakeSlack,
    click_body,
    command_body,
    direct,
    event_body,
    mention,
    profile,
    signed,
    until,
)
from processes import answers, child_environment, free_port, start_desk, stopped
from workspace import FORM, Workspace, harmless, lease_left, mrkdwn_of, slack_settings, viewed, within_limits, words

from bot.blocks import blocks_of, passage_modal
from bot.slack.events import event_of
from bot.wiring import Wiring
from handlers.messages import Choice, Citation, Mark, Outcome, Reply
from knowledge.documents.importing import index_documents
from knowledge.incoming import MOST_ATTEMPTS, write_down
from knowledge.pack import open_pack
from knowledge.store import Store
from knowledge.tables import incoming

QUESTION = "Who signs off a contract worth £600,000?"
GUIDE = "Contract managers' guide: paragraph 2.2"
CEILING = "affordability ceiling"


@pytest.fixture
def workspace(open_workspace: Callable[..., Workspace]) -> Workspace:
    return open_workspace()


# --- answered -----------------------------------------------------------------------------------------------------


def test_a_mention_is_answered_in_its_thread(workspace: Workspace) -> None:
    event = mention(PRUE, QUESTION)
    workspace.says(event)
    [post] = workspace.posts()
    assert (post["channel"], post["thread_ts"]) == (CHANNEL, event["ts"])
    assert "9.5 From £250,000 and under £1 million" in words(post["blocks"])
    assert "9.5" in post["text"], "the fallback says it too"
    assert workspace.fake.calls[-1].token == BOT_TOKEN


def test_a_mention_inside_a_thread_is_answered_there_and_keeps_the_subject(workspace: Workspace) -> None:
    workspace.says(mention(PRUE, "Is M4 done?", thread="1790000000.000001"))
    workspace.posts()
    workspace.says(mention(MO, "who owns it?", thread="1790000000.000001"))
    post = workspace.posts(2)[-1]
    assert post["thread_ts"] == "1790000000.000001"
    assert "The three directors" in words(post["blocks"])


def test_a_direct_message_is_answered_where_it_was_written(workspace: Workspace) -> None:
    workspace.says(direct(OLIVE, QUESTION))
    [post] = workspace.posts()
    assert post["channel"] == f"D0{OLIVE.slack_id}"
    assert "thread_ts" not in post


def test_what_is_asked_below_a_direct_message_keeps_its_subject(workspace: Workspace) -> None:
    event = direct(OLIVE, "Is M4 done?")
    workspace.says(event)
    workspace.posts()
    workspace.says(direct(OLIVE, QUESTION))
    workspace.posts(2)
    workspace.says(direct(OLIVE, "who owns it?", thread_ts=event["ts"]))
    post = workspace.posts(3)[-1]
    assert post["thread_ts"] == event["ts"]
    assert "The three directors" in words(post["blocks"])


def test_a_command_is_acknowledged_at_once_and_answered_to_the_asker_only(workspace: Workspace) -> None:
    workspace.fake.hang("chat.postEphemeral")
    started = time.perf_counter()
    answer = workspace.deliver(command_body(OLIVE, QUESTION), FORM)
    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert time.perf_counter() - started < 2
    [given] = workspace.fake.await_calls("chat.postEphemeral")
    assert (given["channel"], given["user"]) == (CHANNEL, OLIVE.slack_id)
    assert "9.5 From" in words(given["blocks"])
    workspace.fake.let_go()
    workspace.settled()
    assert workspace.fake.made("chat.postMessage") == []


def test_a_command_where_the_desk_is_not_in_the_channel_is_answered_by_direct_message(workspace: Workspace) -> None:
    workspace.fake.will("chat.postEphemeral", Answer({"ok": False, "error": "not_in_channel"}))
    workspace.deliver(command_body(MAX, CEILING), FORM)
    [post] = workspace.posts()
    assert post["channel"] == MAX.slack_id
    assert cast.CEILING in words(post["blocks"])


def test_a_command_with_nothing_said_gets_help(workspace: Workspace) -> None:
    workspace.deliver(command_body(PRUE, ""), FORM)
    [given] = workspace.fake.await_calls("chat.postEphemeral")
    assert "I hold 3 papers" in words(given["blocks"])


@pytest.mark.parametrize("text", ["hey <@U0DESK> {}", "{} <@U0DESK>", "<@U0DESK|desk>: {}", "<!here> <@U0DESK> {}"])
def test_a_mention_anywhere_in_the_message_does_not_disturb_the_question(workspace: Workspace, text: str) -> None:
    workspace.says({**mention(PRUE, ""), "text": text.format(QUESTION)})
    [post] = workspace.posts()
    assert "9.5 From" in words(post["blocks"])


# --- once ---------------------------------------------------------------------------------------------------------


def test_a_repeated_event_is_handled_once(workspace: Workspace) -> None:
    body = workspace.says(mention(PRUE, QUESTION))
    workspace.posts()
    for number in ("1", "2", "3"):
        again = workspace.deliver(body, **{"X-Slack-Retry-Num": number, "X-Slack-Retry-Reason": "http_timeout"})
        assert again.status_code == 200, "acknowledged, or Slack goes on"
    workspace.posts(1)
    assert len(workspace.rows()) == 1


def test_one_event_delivered_many_times_at_once_is_handled_once_on_both_engines(
    store: Store, open_workspace: Callable[..., Workspace]
) -> None:
    index_documents(store, [cast.PAPERS], open_pack("sample"))  # before the desk is there and makes its index ready
    workspace = open_workspace(DATABASE_URL=store.url.render_as_string(hide_password=False))
    body, gate = event_body(mention(PRUE, QUESTION)), threading.Barrier(6)
    codes: list[int] = []

    def deliver() -> None:
        gate.wait()
        codes.append(workspace.deliver(body).status_code)

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 6
    [post] = workspace.posts(1)
    assert "9.5 From" in words(post["blocks"])


def test_a_repeated_command_and_a_repeated_click_are_handled_once(workspace: Workspace) -> None:
    for body in (command_body(PRUE, QUESTION), click_body(PRUE, "choose:0", QUESTION)):
        assert workspace.deliver(body, FORM).status_code == 200
        assert workspace.deliver(body, FORM).status_code == 200
    workspace.posts(1)
    assert len(workspace.fake.made("chat.postEphemeral")) == 1


# --- turned away --------------------------------------------------------------------------------------------------


def test_what_is_not_signed_as_slack_signs_is_turned_away(workspace: Workspace) -> None:
    body = event_body(mention(PRUE, QUESTION))
    good = signed(body)
    wrong = {
        "another secret": signed(body, secret="another secret"),
        "six minutes old": signed(body, at=time.time() - 301),
        "of the future": signed(body, at=time.time() + 320),
        "no number": {**good, "X-Slack-Request-Timestamp": "abc"},
        "a number and more": {**good, "X-Slack-Request-Timestamp": "1790000000.5"},
        "an empty time": {**good, "X-Slack-Request-Timestamp": ""},
        "a negative time": {**good, "X-Slack-Request-Timestamp": "-1"},
        "no time": {key: value for key, value in good.items() if "Timestamp" not in key},
        "no signature": {key: value for key, value in good.items() if "Signature" not in key},
        "an empty signature": {**good, "X-Slack-Signature": ""},
        "another body": signed(body + " "),
        "nothing": {"Content-Type": "application/json"},
    }
    for name, headers in wrong.items():
        answer = workspace.app.test_client().post("/slack/events", data=body, headers=headers)
        assert answer.status_code == 401, name
    unsigned = json.dumps({"type": "url_verification", "challenge": "x"})
    assert workspace.app.test_client().post("/slack/events", data=unsigned, headers=wrong["nothing"]).status_code == 401
    assert workspace.rows() == []
    assert workspace.fake.calls == []


def test_the_address_is_verified_where_slack_asks_with_its_signature(workspace: Workspace) -> None:
    answer = workspace.deliver(json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"}))
    assert (answer.status_code, answer.get_json()) == (200, {"challenge": "3eZbrw1a"})


def test_own_and_other_bots_messages_edits_and_channel_talk_are_not_answered(workspace: Workspace) -> None:
    said = direct(PRUE, QUESTION)
    for event in (
        {**said, "bot_id": "B0OTHER", "user": "U0OTHERBOT"},
        {**said, "bot_id": "B0DESK", "user": BOT},
        {**said, "user": BOT},
        {**said, "subtype": "bot_message", "bot_id": "B0X", "user": None},
        {**mention(PRUE, QUESTION), "bot_id": "B0OTHER"},
        {**said, "subtype": "message_changed", "message": said, "previous_message": said},
        {**said, "subtype": "message_deleted", "previous_message": said},
        {**said, "subtype": "channel_join"},
        {**said, "channel_type": "channel", "channel": CHANNEL},
        {**said, "channel_type": "mpim", "channel": "G0GROUP"},
    ):
        assert workspace.deliver(event_body(event)).status_code == 200
    assert workspace.rows() == []
    assert workspace.fake.made("chat.postMessage") == []


def test_what_cannot_be_written_down_is_not_acknowledged(workspace: Workspace) -> None:
    store = workspace.wiring.store
    with store.writing() as connection:
        connection.execute(sa.text("ALTER TABLE incoming RENAME TO away"))
    body = event_body(mention(PRUE, QUESTION))
    assert workspace.deliver(body).status_code == 500
    assert workspace.deliver(command_body(PRUE, QUESTION), FORM).status_code == 500
    with store.writing() as connection:
        connection.execute(sa.text("ALTER TABLE away RENAME TO incoming"))
    assert workspace.deliver(body, **{"X-Slack-Retry-Num": "1"}).status_code == 200
    workspace.posts(1)


# --- who may read what --------------------------------------------------------------------------------------------


def test_a_public_channel_quotes_public_papers_only_and_a_direct_message_by_role(workspace: Workspace) -> None:
    workspace.says(mention(MAX, CEILING))
    workspace.says(mention(MAX, GUIDE))
    said = " ".join(words(post["blocks"]) + post["text"] for post in workspace.posts(2))
    assert cast.CEILING not in said
    assert "day a week" not in said
    workspace.says(direct(MAX, CEILING))
    assert cast.CEILING in words(workspace.posts(3)[-1]["blocks"])
    workspace.says(direct(OLIVE, GUIDE))
    assert "a day a week" in words(workspace.posts(4)[-1]["blocks"])


@pytest.mark.parametrize("who", [OLIVE, MO, PRUE])
def test_the_rate_ceiling_reaches_nobody_else_by_any_road(workspace: Workspace, who: Somebody) -> None:
    workspace.says(direct(who, CEILING))
    workspace.says(mention(who, CEILING))
    workspace.deliver(command_body(who, CEILING), FORM)
    workspace.deliver(click_body(who, "open_passage", "MS#market-sensitivity-note-home-care-from-2027"), FORM)
    workspace.posts(2)
    workspace.fake.await_calls("chat.postEphemeral")
    workspace.fake.await_calls("views.open")
    assert cast.CEILING not in json.dumps([call.given for call in workspace.fake.calls])


def test_a_user_of_another_workspace_is_a_provider(workspace: Workspace) -> None:
    for number, abroad in enumerate(({"user_team": "T0OTHER"}, {"source_team": "T0OTHER"}), start=1):
        workspace.says(direct(MAX, CEILING, **abroad))
        assert cast.CEILING not in words(workspace.posts(number)[-1]["blocks"])
    workspace.says(direct(MAX, CEILING, user_team=cast.HOME_TEAM))
    assert cast.CEILING in words(workspace.posts(3)[-1]["blocks"])


def test_somebody_listed_by_address_only_is_found_through_users_info(workspace: Workspace) -> None:
    workspace.says(direct(ELSIE, CEILING))
    assert cast.CEILING in words(workspace.posts()[0]["blocks"])
    assert workspace.fake.made("users.info") == [{"user": ELSIE.slack_id}]
    workspace.says(direct(ELSIE, CEILING))
    workspace.posts(2)
    assert len(workspace.fake.made("users.info")) == 1, "asked once in ten minutes"


@pytest.mark.parametrize(
    "mark", [{"team": "T0OTHER"}, {"is_stranger": True}, {"is_restricted": True}, {"deleted": True}, {"is_bot": True}]
)
def test_the_same_address_on_somebody_elses_account_is_worth_nothing(
    workspace: Workspace, mark: dict[str, Any]
) -> None:
    workspace.fake.people[ELSIE.slack_id] = profile(ELSIE, **mark)
    workspace.says(direct(ELSIE, CEILING))
    assert cast.CEILING not in words(workspace.posts()[0]["blocks"])


def test_where_slack_does_not_say_who_is_asking_the_asker_is_a_provider(workspace: Workspace) -> None:
    workspace.fake.will("users.info", Answer({"ok": False, "error": "missing_scope"}))
    workspace.says(direct(ELSIE, CEILING))
    assert cast.CEILING not in words(workspace.posts()[0]["blocks"])
    workspace.says(direct(ELSIE, CEILING))
    assert cast.CEILING in words(workspace.posts(2)[1]["blocks"]), "a failure is not kept"


def test_somebody_taken_off_the_list_loses_the_role_at_the_next_message(workspace: Workspace, tmp_path: Path) -> None:
    for who in (MAX, ELSIE):
        workspace.says(direct(who, CEILING))
    assert all(cast.CEILING in words(post["blocks"]) for post in workspace.posts(2))
    cast.list_people(workspace.wiring.store, tmp_path, OLIVE, MO)
    for who in (MAX, ELSIE):
        workspace.says(direct(who, CEILING))
    assert all(cast.CEILING not in words(post["blocks"]) for post in workspace.posts(4)[2:])


# --- harmless -----------------------------------------------------------------------------------------------------

NASTY = "<!channel> & <@U123> *x* <https://evil.example.org|click>"


@pytest.mark.parametrize("more", [{}, {"DESK_URL": "https://desk.example.org"}])
def test_what_slack_would_parse_comes_out_harmless(
    open_workspace: Callable[..., Workspace], tmp_path: Path, more: dict[str, str]
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "odd.txt").write_text(
        f"1.1 Zebra crossings {NASTY} are painted with belisha beacons.\n", encoding="utf-8"
    )
    listed = f"id,file,title,status,access\nodd,odd.txt,Zebras {NASTY},{NASTY},public\n"
    (folder / "documents.csv").write_text(listed, encoding="utf-8")
    workspace = open_workspace(**more)
    assert index_documents(workspace.wiring.store, [folder], workspace.wiring.pack).problems == []
    until(lambda: "odd" in workspace.wiring.index.get().documents, "the paper searched")
    escaped = NASTY.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    workspace.says(mention(PRUE, f"zebra crossings belisha beacons {escaped}"))
    workspace.says(mention(PRUE, f"{escaped} {NASTY} quagga"))
    for post in workspace.posts(2):
        assert harmless(post["text"]), post["text"]
        for text in mrkdwn_of(post["blocks"]):
            assert harmless(text), text
    quoted = workspace.fake.made("chat.postMessage")[0]["blocks"]
    [rich] = [block for block in quoted if block["type"] == "rich_text"]
    assert NASTY in "".join(one["text"] for one in rich["elements"][0]["elements"]), "the words stay as they are"
    assert {one["type"] for one in rich["elements"][0]["elements"]} == {"text"}
    workspace.deliver(click_body(PRUE, "open_passage", "odd#1.1"), FORM)
    [opened] = workspace.fake.await_calls("views.open")
    assert all(harmless(text) for text in mrkdwn_of(viewed(opened)))


def test_blocks_stay_within_slacks_limits_for_every_passage_of_the_sample(workspace: Workspace) -> None:
    index = workspace.wiring.index.get()
    longest = 0
    for number in range(1, 152):
        passage = index.passage(number)
        citation = Citation(
            document=passage.document, title="t", locator=passage.locator, quote=passage.text, passage=passage.id
        )
        text, blocks = blocks_of(Reply(outcome=Outcome.ANSWERED, text="x", citations=(citation,)))
        within_limits(blocks)
        assert 0 < len(text) <= 4_000
        longest = max(longest, len(passage.text))
    assert longest > 1_000


@pytest.mark.parametrize("link", ["", "https://desk.example.org"])
@pytest.mark.parametrize("shift", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("quote", ["word " * 12_000, "x" * 60_000, "&<>" * 20_000, "• a\n" * 15_000])
def test_blocks_stay_within_slacks_limits_for_sixty_thousand_characters(quote: str, link: str, shift: str) -> None:
    """`shift` moves the place where the text is cut, so that it falls into the middle of an entity too."""
    citation = Citation(
        document="D" * 200, title=shift + "&" * 2_000, locator="<" * 400, quote=quote, path="/documents/x#y",
        published="p" * 300,
        marks=tuple(Mark(start=at, end=at + 3) for at in range(0, 50_000, 100)), note="n" * 500,
        also_in=tuple("z" * 90 for _ in range(100)), page=3, passage="D" * 200 + "#" + "a" * 400,
    )  # fmt: skip
    choices = tuple(Choice(label="c" * 300, text="t" * 5_000) for _ in range(9))
    reply = Reply(
        outcome=Outcome.CLARIFY,
        text=shift + "<" * 9_000,
        citations=(citation,) * 60,
        choices=choices,
        notes=(shift + "&" * 9_000,) * 4,
    )
    text, blocks = blocks_of(reply, link)
    assert len(blocks) <= 50
    assert 0 < len(text) <= 4_000
    assert harmless(text)
    for part in mrkdwn_of(blocks):
        assert harmless(part), part[-50:]
    three = reply.model_copy(update={"citations": (citation,) * 3, "text": "x", "notes": ("a note",)})
    within_limits(blocks_of(three, link)[1])
    modal = passage_modal(citation.locator, citation.title, quote)
    within_limits(modal["blocks"], most=100)
    assert len(modal["title"]["text"]) <= 24
    assert "".join(one["text"]["text"] for one in modal["blocks"][1:]) == quote, "the whole passage"


# --- buttons and the modal ----------------------------------------------------------------------------------------


def test_open_the_passage_shows_its_words_in_a_modal(workspace: Workspace) -> None:
    workspace.says(mention(PRUE, "What questions must a diagnostic report answer?"))
    [post] = workspace.posts()
    button = next(block for block in post["blocks"] if block["type"] == "actions")["elements"][0]
    assert button["text"]["text"] == "Open the passage"
    body = click_body(PRUE, button["action_id"], button["value"], trigger="trigger.77")
    assert workspace.deliver(body, FORM).status_code == 200
    [given] = workspace.fake.await_calls("views.open")
    assert given["trigger_id"] == "trigger.77"
    assert "What would happen if we stopped?" in words(viewed(given)["blocks"])
    within_limits(viewed(given)["blocks"], most=100)


@pytest.mark.parametrize(
    ("who", "value", "shown"),
    [
        (MAX, "MS#{}", True), (OLIVE, "MS#{}", False), (PRUE, "MS#{}", False), (MAX, "nowhere#1", False),
        (OLIVE, "CM#2.2", True), (PRUE, "CM#2.2", False), (PRUE, "FW#9.5", True), (PRUE, "", False),
        (PRUE, "FW", False),
    ],
)  # fmt: skip
def test_the_modal_checks_who_may_read(workspace: Workspace, who: Somebody, value: str, shown: bool) -> None:
    [note] = [p for p in map(workspace.wiring.index.get().passage, range(1, 152)) if p.document == "MS"]
    workspace.deliver(click_body(who, "open_passage", value.format(note.anchor)), FORM)
    [given] = workspace.fake.await_calls("views.open")
    assert ("not in the papers you may read" in words(viewed(given)["blocks"])) is not shown
    assert (cast.CEILING in json.dumps(given)) is (value.startswith("MS") and shown)


def test_the_modal_is_closed_to_people_of_another_workspace(workspace: Workspace) -> None:
    workspace.deliver(click_body(MAX, "open_passage", "CM#2.2", team="T0OTHER"), FORM)
    [given] = workspace.fake.await_calls("views.open")
    assert "not in the papers you may read" in words(viewed(given)["blocks"])


def test_a_choice_is_answered_in_the_thread_it_was_offered_in(workspace: Workspace) -> None:
    event = mention(PRUE, "What is CAB?")
    workspace.says(event)
    [asked] = workspace.posts()
    buttons = next(block for block in asked["blocks"] if block["type"] == "actions")["elements"]
    assert [one["text"]["text"] for one in buttons] == ["Commissioning Board", "Citizens Advice Bureau"]
    body = click_body(MO, buttons[0]["action_id"], buttons[0]["value"], thread=event["ts"])
    assert workspace.deliver(body, FORM).status_code == 200
    post = workspace.posts(2)[-1]
    assert (post["channel"], post["thread_ts"]) == (CHANNEL, event["ts"])
    assert "Commissioning Board" in words(post["blocks"])


def test_a_choice_under_a_command_is_answered_to_the_asker_by_their_role(workspace: Workspace) -> None:
    workspace.deliver(command_body(OLIVE, "paragraph 2.2"), FORM)
    [asked] = workspace.fake.await_calls("chat.postEphemeral")
    buttons = next(block for block in asked["blocks"] if block["type"] == "actions")["elements"]
    guide = next(one for one in buttons if one["text"]["text"] == "Contract managers' guide")
    body = click_body(OLIVE, guide["action_id"], guide["value"], ephemeral=True)
    assert workspace.deliver(body, FORM).status_code == 200
    given = workspace.fake.await_calls("chat.postEphemeral", 2)[-1]
    assert "about a day a week on a tier A contract" in words(given["blocks"])
    assert workspace.fake.made("chat.postMessage") == []


def test_a_choice_in_a_channel_quotes_public_papers_only(workspace: Workspace) -> None:
    workspace.deliver(click_body(OLIVE, "choose:0", GUIDE, thread="1790000000.000001"), FORM)
    [post] = workspace.posts()
    assert "day a week" not in words(post["blocks"])


# --- when Slack does not do what it should ------------------------------------------------------------------------


def test_everything_is_acknowledged_while_the_web_api_hangs_and_answered_once_when_it_is_back(
    workspace: Workspace,
) -> None:
    workspace.fake.hang("chat.postMessage", "chat.postEphemeral", "users.info", "auth.test", "views.open")
    slowest = 0.0
    for _ in range(14):
        for body, kind in (
            (event_body(direct(ELSIE, QUESTION)), "application/json"),
            (click_body(PRUE, "open_passage", "FW#9.5"), FORM),
        ):
            started = time.perf_counter()
            assert workspace.deliver(body, kind).status_code == 200
            slowest = max(slowest, time.perf_counter() - started)
    started = time.perf_counter()
    assert workspace.deliver(command_body(OLIVE, QUESTION), FORM).status_code == 200
    slowest = max(slowest, time.perf_counter() - started)
    assert slowest < 2, "Slack gives three seconds"
    workspace.fake.let_go()
    workspace.posts(14)
    assert len(workspace.fake.made("chat.postEphemeral")) == 1


def test_an_event_that_outlived_its_lease_is_left_to_whoever_took_it_up(workspace: Workspace) -> None:
    gate = threading.Event()
    usual = {"ok": True, "user": profile(ELSIE)}
    workspace.fake.will("users.info", Answer(usual, wait=gate))
    workspace.says(direct(ELSIE, QUESTION))
    workspace.fake.await_calls("users.info")
    workspace.expire()
    workspace.intake.take_up()
    workspace.posts(1)
    gate.set()
    workspace.intake.stop()
    workspace.posts(1)
    [row] = workspace.rows()
    assert (row.state, row.attempts) == ("handled", 2)


@pytest.mark.parametrize(
    "failure",
    [
        Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1"}),
        Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1.5"}),
        Answer("internal error", 500),
        Answer("<html>bad gateway</html>", 502),
    ],
    ids=["429 for 1 s", "429 for 1.5 s", "500", "502"],
)
def test_a_short_failure_is_tried_again_in_the_same_call(workspace: Workspace, failure: Answer) -> None:
    workspace.fake.will("chat.postMessage", failure)
    started = time.perf_counter()
    workspace.says(mention(PRUE, QUESTION))
    workspace.posts(2)
    assert time.perf_counter() - started >= float(failure.headers.get("Retry-After", 0))
    [row] = workspace.rows()
    assert (row.state, row.attempts, row.payload) == ("handled", 1, None)


@pytest.mark.parametrize(
    "failure",
    [
        Answer("<html>maintenance</html>"),
        Answer({"ok": False, "error": "internal_error"}),
        Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "3600"}),
        Answer("[]"),
    ],
    ids=["garbage", "internal_error", "429 for an hour", "a list"],
)
def test_a_longer_failure_is_tried_again_later_and_then_answered_once(workspace: Workspace, failure: Answer) -> None:
    workspace.fake.will("chat.postMessage", failure)
    workspace.says(mention(PRUE, QUESTION))
    row = workspace.released()
    assert (row.state, row.attempts) == ("received", 1)
    assert row.payload["text"] == QUESTION, "what was asked is still there"
    asked = float(failure.headers.get("Retry-After", 20))
    assert asked - 5 < lease_left(row) <= asked + 1, "no sooner than Slack asks"
    assert workspace.intake.take_up() == 0, "not before its time"
    workspace.expire()
    workspace.intake.take_up()
    workspace.posts(2)
    assert workspace.intake.take_up() == 0
    [row] = workspace.rows()
    assert (row.state, row.attempts, row.payload) == ("handled", 2, None)


@pytest.mark.parametrize("error", ["channel_not_found", "not_in_channel", "is_archived"])
def test_a_lasting_failure_is_parked_at_once_with_what_was_asked(workspace: Workspace, error: str) -> None:
    workspace.fake.will("chat.postMessage", Answer({"ok": False, "error": error}))
    workspace.says(mention(PRUE, QUESTION))
    [_] = workspace.posts(1)
    [row] = workspace.rows()
    assert (row.state, row.attempts) == ("parked", 1)
    assert row.payload["text"] == QUESTION
    workspace.expire()
    assert workspace.intake.take_up() == 0, "a parked event is for a person"


def test_what_never_succeeds_is_parked_after_the_last_try(workspace: Workspace) -> None:
    workspace.fake.will("chat.postMessage", *[Answer("garbage") for _ in range(MOST_ATTEMPTS + 3)])
    workspace.says(mention(PRUE, QUESTION))
    workspace.released()
    for _ in range(MOST_ATTEMPTS + 2):
        workspace.expire()
        workspace.intake.take_up()
    assert len(workspace.posts(MOST_ATTEMPTS)) == MOST_ATTEMPTS
    [row] = workspace.rows()
    assert (row.state, row.attempts) == ("parked", MOST_ATTEMPTS)


def test_what_was_acknowledged_and_not_handled_is_taken_up_at_the_next_start(
    open_workspace: Callable[..., Workspace], home: Path
) -> None:
    before = Wiring(cast.settings(home))
    body = event_body(mention(PRUE, QUESTION), event_id="EvCrash")
    found = event_of(json.loads(body))
    assert found
    write_down(before.store, found[0], "slack", found[1])
    with before.store.writing() as connection:
        connection.execute(sa.update(incoming).values(lease_until=datetime(2020, 1, 1, tzinfo=UTC)))
    before.store.close()
    workspace = open_workspace()
    [post] = workspace.posts(1)
    assert "9.5 From" in words(post["blocks"])
    workspace.deliver(body, **{"X-Slack-Retry-Num": "1"})
    workspace.posts(1)


def test_two_processes_take_up_a_crash_once_on_both_engines(
    store: Store, open_workspace: Callable[..., Workspace]
) -> None:
    url = store.url.render_as_string(hide_password=False)
    first, second = open_workspace(DATABASE_URL=url), open_workspace(DATABASE_URL=url)
    for number in range(8):
        found = event_of(json.loads(event_body(mention(PRUE, "hello"), event_id=f"Ev{number}")))
        assert found
        write_down(store, found[0], "slack", found[1])
    first.expire()
    threads = [threading.Thread(target=workspace.intake.take_up) for workspace in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first.posts(8)  # whoever took them: each desk's own look round may have been first
    assert [(row.state, row.attempts) for row in first.rows()] == [("handled", 2)] * 8


# --- logs ---------------------------------------------------------------------------------------------------------


def test_no_text_address_or_token_is_in_any_log_line(home: Path, fake: FakeSlack) -> None:
    """A real `desk serve` at its most talkative, through success and every kind of failure."""
    port = free_port()
    environment = child_environment(home, **slack_settings(fake, DESK_LOG_LEVEL="debug", DESK_WEB_WORKERS="1"))
    log = home / "log.txt"
    child = start_desk(log, environment, "serve", "--port", str(port))
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "desk serve up", 20)
        fake.will(
            "chat.postMessage", Answer("<html>SECRETBODY</html>"), Answer({"ok": False, "error": "channel_not_found"})
        )
        fake.will(
            "chat.postMessage",
            Answer("[]"),
            Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "3600"}),
        )
        fake.will("views.open", Answer({"ok": False, "error": "expired_trigger_id"}))
        for number in range(5):
            send(port, event_body(direct(ELSIE, f"SECRETQUESTION number {number}")))
            fake.await_calls("chat.postMessage", number + 1)
        send(port, click_body(PRUE, "open_passage", "FW#SECRETVALUE"), FORM)
        fake.await_calls("views.open")
        send(port, "not json SECRETQUESTION")
        send(port, "payload=%7Bnot-json-SECRETQUESTION", FORM)
        send(port, event_body(mention(OLIVE, "SECRETQUESTION")), secret="wrong")
        time.sleep(0.2)
    finally:
        stopped(child)
    said = log.read_text(encoding="utf-8")
    assert said.count('"slack"') >= 3, f"failures are told: {said}"
    for secret in ("SECRET", ELSIE.email, "example.org", BOT_TOKEN, SIGNING_SECRET, "a key of tests", "Traceback"):
        assert secret not in said, said
    for line in said.splitlines():
        if line.startswith("{"):
            json.loads(line)


def send(port: int, body: str, kind: str = "application/json", secret: str = SIGNING_SECRET) -> None:
    headers = signed(body, kind=kind, secret=secret)
    request = urllib.request.Request(f"http://127.0.0.1:{port}/slack/events", body.encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=5):
            return
    except urllib.error.HTTPError as error:
        error.close()
