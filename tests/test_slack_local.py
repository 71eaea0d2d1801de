"""The same journeys in a local Slack: real deliveries, real child processes, over HTTP and over Socket Mode."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cast
import pytest
from cast import EVERYBODY, MAX, OLIVE, PRUE, Somebody
from conftest import SHARED, lacking
from fake_slack import until
from processes import ROOT, answers, child_environment, free_port, start_desk, stopped

BOT, CHANNEL = "U0DESK", "C0GENERAL"
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-local", "xapp-local", "local signing secret"
QUESTION = "Who signs off a contract worth £600,000?"
ANSWER = "9.5 From £250,000 and under £1 million"
CEILING = "affordability ceiling"


@dataclass
class Lab:
    """A local Slack and the desk in it."""

    base: str
    mode: str
    home: Path
    port: int
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def call(self, path: str, body: dict[str, Any] | None = None, token: str = "") -> Any:
        """Asks the local Slack something, or tells it something."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        with urllib.request.urlopen(urllib.request.Request(self.base + path, data, headers), timeout=10) as answer:
            return json.loads(answer.read())

    def start_desk(self) -> subprocess.Popen[bytes]:
        """A desk, once it is there."""
        environment = child_environment(
            self.home, SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN, SLACK_SIGNING_SECRET=SECRET,
            SLACK_API_URL=f"{self.base}/api/", DESK_WEB_WORKERS="1",
        )  # fmt: skip
        how = ("slack",) if self.mode == "socket" else ("serve", "--port", str(self.port))
        child = start_desk(self.home / "log.txt", environment, *how)
        self.children.append(child)
        until(self._up, f"desk {how[0]} up: {self.log()}", 30)
        return child

    def _up(self) -> bool:
        if self.mode == "socket":
            return sum(self.call("/_plus/state")["sockets"].values()) == 1
        return answers(f"http://127.0.0.1:{self.port}/healthz")

    def log(self) -> str:
        """What the desk's processes said."""
        path = self.home / "log.txt"
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def says(self, who: Somebody, text: str, channel: str = CHANNEL) -> str:
        """Somebody writes. Gives the message's ts once the desk has acknowledged it."""
        told = self.call("/_control/message", {"channel": channel, "user": who.slack_id, "text": text})
        return str(told["message"]["ts"])

    def direct_channel(self, who: Somebody) -> str:
        """The channel of somebody's direct messages with the desk."""
        return str(self.call("/api/conversations.open", {"users": who.slack_id}, BOT_TOKEN)["channel"]["id"])

    def replies(self, channel: str = CHANNEL) -> list[dict[str, Any]]:
        """What the desk has said in a channel."""
        found = self.call(f"/_control/messages/{channel}")["messages"]
        return [one for one in found if one.get("bot_id") or one.get("user") == BOT]

    def await_replies(self, channel: str = CHANNEL, count: int = 1, seconds: float = 15) -> list[dict[str, Any]]:
        """The same, once there are so many, and everything that came in is settled."""
        until(lambda: len(self.replies(channel)) >= count, f"{count} replies in {channel}: {self.log()}", seconds)
        until(lambda: not self.open_events(), "every event settled")
        assert len(self.replies(channel)) == count
        return self.replies(channel)

    def open_events(self) -> int:
        """How much of what came in is not settled."""
        return int(self._sql("SELECT count(*) FROM incoming WHERE state = 'received'"))

    def expire(self) -> None:
        """As if every lease had run out."""
        self._sql("UPDATE incoming SET lease_until = '2020-01-01 00:00:00.000000'")

    def _sql(self, text: str) -> Any:
        connection = sqlite3.connect(self.home / "record.db", timeout=10)
        try:
            with connection:
                found = connection.execute(text).fetchone()
            return found[0] if found else None
        finally:
            connection.close()

    def deliveries(self) -> list[dict[str, Any]]:
        """What the local Slack delivered, with the time each acknowledgement took."""
        return list(self.call("/_plus/deliveries"))


def binary_and_preload() -> tuple[Path, Path]:
    folder = Path(os.environ.get("TEST_LAB", ROOT / ".lab"))
    binary = folder / "node_modules" / "local-slack-linux-x64" / "bin" / "local-slack"
    preload = SHARED / "slacklab" / "conf" / "plus.js"
    if not binary.is_file():
        lacking("no local Slack under TEST_LAB (.ci/run installs it)")
    if not preload.is_file():
        lacking("no slacklab/conf/plus.js in the shared folder (TEST_SHARED)")
    return binary, preload


def configuration(mode: str, desk_port: int) -> str:
    """The local Slack's configuration; JSON is YAML too."""
    app = {
        "appId": "A0DESK", "botUserId": BOT, "botName": "desk", "botToken": BOT_TOKEN, "appToken": APP_TOKEN,
        "signingSecret": SECRET, "mode": mode, "requestUrl": f"http://127.0.0.1:{desk_port}/slack/events",
    }  # fmt: skip
    users = [
        {"id": one.slack_id, "name": one.slack_id.lower(), "real_name": one.name, "email": one.email}
        for one in EVERYBODY
    ]
    channels = [{"id": CHANNEL, "name": "general", "members": [BOT, *(one.slack_id for one in EVERYBODY)]}]
    workspace = {"name": "Marlshire", "domain": "marl", "teamId": cast.HOME_TEAM}
    return json.dumps({"workspace": workspace, "app": app, "users": users, "channels": channels})


@pytest.fixture(scope="module", params=["events", "socket"])
def running(
    request: pytest.FixtureRequest, sample_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """A local Slack with the desk in it, in one of the two modes."""
    binary, preload = binary_and_preload()
    folder = tmp_path_factory.mktemp(request.param)
    port, desk_port = free_port(), free_port()
    (folder / "slack.yaml").write_text(configuration(request.param, desk_port), encoding="utf-8")
    environment = {**os.environ, "BUN_OPTIONS": f"--preload {preload}"}
    with (folder / "slack.log").open("wb") as log:
        slack = subprocess.Popen(
            [binary, "--config", folder / "slack.yaml", "--port", str(port), "--base-host", "127.0.0.1"],
            env=environment, cwd=folder, stdout=log, stderr=log,
        )  # fmt: skip
    home = cast.copy_home(sample_home, folder / "desk")
    lab = Lab(f"http://127.0.0.1:{port}", request.param, home, desk_port)
    try:
        until(lambda: answers(f"{lab.base}/_control/state"), "the local Slack up", 20)
        lab.start_desk()
        yield lab
    finally:
        for child in lab.children:
            stopped(child)
        stopped(slack)


@pytest.fixture
def lab(running: Lab) -> Lab:
    """The same with nothing said yet."""
    running.call("/_control/reset", {})
    return running


def text_of(message: dict[str, Any]) -> str:
    """Everything a message says."""
    return json.dumps(message, ensure_ascii=False)


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


def kill_with_its_workers(child: subprocess.Popen[bytes]) -> None:
    """kill -9 of a process of ours and of what it started: gunicorn's workers would live on."""
    family = [child.pid]
    for pid in family:
        family += [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    for pid in family:
        os.kill(pid, signal.SIGKILL)
    child.wait()
