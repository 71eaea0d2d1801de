"""The agent features against a local Slack that has them, and against the same that has not: what the desk posts stands
there whole and once, both ways."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cast import HOME_TEAM, OLIVE
from fake_slack import until
from lab import BOT_TOKEN, CHANNEL, binary_and_preload, configuration
from processes import answers, free_port, stopped
from workspace import words

from bot.slack.abilities import Abilities, Ability
from bot.slack.client import hasty_client, slack_client
from bot.slack.posting import Posting
from bot.slack.status import Status
from bot.slack.streaming import LONG, Streaming
from handlers.messages import Citation, Outcome, Reply

QUOTE = "Grants are for what the council cannot buy."
ANSWER = Reply(
    outcome=Outcome.ANSWERED, text="Grants are few. They are for small charities.", question=12,
    citations=(Citation(document="guide", title="The guide", locator="2.2", quote=QUOTE + " So." * (LONG // 4),
                        passage="guide#2.2"),),
)  # fmt: skip


class Local:
    """A local Slack, and what posts into it. `plus`: it has Slack's agent methods."""

    def __init__(self, base: str, *, plus: bool) -> None:
        self.base, self.plus = base, plus
        self.abilities = Abilities()
        self.client = slack_client(BOT_TOKEN, f"{base}/api/")
        self.hasty = hasty_client(BOT_TOKEN, f"{base}/api/")
        self.client.retry_handlers = []
        streaming = Streaming(self.client, self.hasty, self.abilities, lambda id, payload: None)
        self.posting = Posting(self.client, "", self.abilities, streaming)

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.loads(answer.read())

    def asked(self) -> str:
        """Somebody writes in the Slack channel; the message's ts."""
        told = self.call("/_control/message", {"channel": CHANNEL, "user": OLIVE.slack_id, "text": "What of grants?"})
        return str(told["message"]["ts"])

    def said(self, thread: str) -> list[dict[str, Any]]:
        """What the desk has said in a thread."""
        found = self.call(f"/_control/messages/{CHANNEL}")["messages"]
        return [one for one in found if one.get("thread_ts") == thread and one["user"] != OLIVE.slack_id]


@pytest.fixture(scope="module", params=[True, False], ids=["has them", "lacks them"])
def local(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    binary, preload = binary_and_preload()
    folder, port = tmp_path_factory.mktemp("local-slack"), free_port()
    (folder / "slack.yaml").write_text(configuration("events", free_port(), [OLIVE]), encoding="utf-8")
    more = {"BUN_OPTIONS": f"--preload {preload}"} if request.param else {}
    with Path(folder, "slack.log").open("wb") as log:
        slack = subprocess.Popen(
            [binary, "--config", folder / "slack.yaml", "--port", str(port), "--base-host", "127.0.0.1"],
            env={**os.environ, **more}, cwd=folder, stdout=log, stderr=log,
        )  # fmt: skip
    made = Local(f"http://127.0.0.1:{port}", plus=request.param)
    try:
        until(lambda: answers(f"{made.base}/_control/state"), "the local Slack up", 20)
        yield made
    finally:
        stopped(slack)


def payload(thread: str) -> dict[str, Any]:
    return {"user": OLIVE.slack_id, "channel": CHANNEL, "public": True, "reply_in": thread, "team": HOME_TEAM}


def test_a_long_answer_stands_there_whole_and_once(local: Local) -> None:
    for number in (1, 2):
        thread = local.asked()
        local.posting.send(f"slack:Ev{number}", payload(thread), ANSWER)
        [message] = local.said(thread)
        said = words(message["blocks"])
        assert said.count(QUOTE) == 1
        assert said.count("They are for small charities.") == 1
        assert "Ask a person" in said
        assert "context_actions" in {one["type"] for one in message["blocks"]}
    assert local.abilities.has(Ability.STREAM, CHANNEL) is local.plus


def test_a_long_answer_to_a_direct_message_stands_there_whole_and_once(local: Local) -> None:
    channel = str(local.client.conversations_open(users=OLIVE.slack_id)["channel"]["id"])
    told = local.call("/_control/message", {"channel": channel, "user": OLIVE.slack_id, "text": "What of grants?"})
    asked = {"channel": channel, "public": False, "reply_in": "", "root": str(told["message"]["ts"])}
    local.posting.send("slack:Ev9", {**payload(""), **asked}, ANSWER)
    found = [one for one in local.call(f"/_control/messages/{channel}")["messages"] if one["user"] != OLIVE.slack_id]
    assert [one.get("thread_ts") for one in found] == [asked["root"] if local.plus else None]
    assert words(found[0]["blocks"]).count(QUOTE) == 1


def test_a_slow_answer_leaves_no_status_behind(local: Local) -> None:
    thread = local.asked()
    with Status(local.client, local.hasty, local.abilities, 0.01).while_working(payload(thread)):
        time.sleep(0.2)
    assert local.abilities.has(Ability.STATUS, CHANNEL) is local.plus
    if local.plus:
        found = local.call("/_plus/threads")[f"{CHANNEL}:{thread}"]
        assert found["history"] == ["is looking in the papers…", ""]
        assert found["status"] == ""
