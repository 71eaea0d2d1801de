"""A local Slack and the desk in it: real deliveries, real child processes, on free ports of 127.0.0.1."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cast
from cast import Somebody
from conftest import SHARED, lacking
from fake_slack import until
from marlshire import button_of
from processes import ROOT, answers, child_environment, free_port, run_desk, start_desk, stopped

BOT, CHANNEL = "U0DESK", "C0GENERAL"
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-local", "xapp-local", "local signing secret"


@dataclass
class Lab:
    """A local Slack and the desk in it."""

    base: str
    mode: str
    home: Path
    port: int
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def call(self, path: str, body: dict[str, Any] | None = None, token: str = "") -> Any:
        """Asks the local Slack something, or tells it something."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        with urllib.request.urlopen(urllib.request.Request(self.base + path, data, headers), timeout=10) as answer:
            return json.loads(answer.read())

    def start_desk(self) -> subprocess.Popen[bytes]:
        """A desk, once it is there."""
        how = ("slack",) if self.mode == "socket" else ("serve", "--port", str(self.port))
        child = start_desk(self.home / "log.txt", self._environment(), *how)
        self.children.append(child)
        until(self._up, f"desk {how[0]} up: {self.log()}", 30)
        return child

    def _environment(self) -> dict[str, str]:
        return child_environment(
            self.home, SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN, SLACK_SIGNING_SECRET=SECRET,
            SLACK_API_URL=f"{self.base}/api/", DESK_WEB_WORKERS="1", **self.settings,
        )  # fmt: skip

    @property
    def address(self) -> str:
        """Where the desk's own pages are."""
        return f"http://127.0.0.1:{self.port}"

    def runs(self, *arguments: str) -> str:
        """A command of the desk. Gives what it says."""
        done = run_desk(self._environment(), *arguments, cwd=self.home)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def work(self) -> None:
        """Has a worker send all that is owed, as if its hour had come."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.000000")
        self._sql(f"UPDATE notification SET due_at = '{now}' WHERE state IN ('waiting', 'gathering')")
        self._sql(f"UPDATE timed SET next_at = '{now}'")
        self.runs("work", "--once")

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

    def last_reply(self, channel: str) -> dict[str, Any]:
        """What the desk said last in a channel, once everything that came in is settled: a form that a busy desk asked
        to have sent again is answered twice."""
        until(lambda: bool(self.replies(channel)) and not self.open_events(), f"a reply in {channel}: {self.log()}", 15)
        return self.replies(channel)[-1]

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

    def press(self, who: Somebody, channel: str, message: dict[str, Any], label: str) -> None:
        """Somebody presses a button of a message; what comes of it is waited for."""
        block, button = button_of(message["blocks"], label)
        action = {"type": "button", "action_id": button["action_id"], "block_id": block.get("block_id", "b")}
        pressed = {"channel": channel, "messageTs": message["ts"], "user": who.slack_id}
        opens = button["action_id"].startswith("form:")
        self.call("/_control/interact", {**pressed, "action": {**action, "value": button.get("value", "")}})
        until(lambda: bool(self.modal()) is opens and not self.open_events(), f"{label} answered: {self.log()}")

    def command(self, who: Somebody, channel: str, text: str) -> None:
        """Somebody gives a command that opens a form."""
        self.call("/_control/command", {"channel": channel, "user": who.slack_id, "command": "/desk", "text": text})
        until(self.modal, f"a form for {text}: {self.log()}")

    def modal(self) -> dict[str, Any]:
        """The modal that is open; nothing where none is."""
        stack = self.call("/_plus/ui")["modalStack"]
        return dict(stack[-1]) if stack else {}

    def send(self, who: Somebody, **values: str) -> dict[str, str]:
        """Somebody sends the form that is open. Gives what is wrong, by field."""
        kinds = {one["block_id"]: one["element"] for one in self.modal()["blocks"] if one["type"] == "input"}
        given = {name: {"value": _filled(kinds[name], values.get(name))} for name in kinds}
        told = self.call("/_plus/submit", {"user": who.slack_id, "values": given})
        until(lambda: not self.open_events(), "the form settled")
        return dict(told["viewErrors"] or {})

    def close(self, who: Somebody) -> None:
        """Somebody closes the modal that is open."""
        self.call("/_plus/close", {"user": who.slack_id})

    def open_home(self, who: Somebody) -> dict[str, Any]:
        """Somebody opens App Home; what is published there for that."""
        before = self._published()
        self.call("/_control/open-home", {"user": who.slack_id})
        until(lambda: self._published() > before, f"App Home of {who.name}: {self.log()}")
        return dict(self.call("/_plus/ui")["homeViews"][who.slack_id]["A0DESK"])

    def _published(self) -> int:
        return sum(one["method"] == "views.publish" and one["ok"] for one in self.call("/_plus/calls"))

    def refused(self) -> set[str]:
        """What the local Slack refused the desk, by method: but for looking up people who are in no Slack."""
        return {one["method"] for one in self.call("/_plus/calls") if not one["ok"]} - {"users.lookupByEmail"}

    def deliveries(self) -> list[dict[str, Any]]:
        """What the local Slack delivered, with the time each acknowledgement took."""
        return list(self.call("/_plus/deliveries"))


def _filled(element: dict[str, Any], value: str | None) -> dict[str, Any]:
    """A field as Slack sends it: what was typed, else what stood in it from the first."""
    option = next((one for one in element.get("options") or () if one["value"] == value), None)
    if "options" in element:
        return {"type": element["type"], "selected_option": option or element.get("initial_option")}
    if element["type"] == "datepicker":
        return {"type": "datepicker", "selected_date": value or element.get("initial_date")}
    return {"type": element["type"], "value": element.get("initial_value") if value is None else value}


def binary_and_preload() -> tuple[Path, Path]:
    folder = Path(os.environ.get("TEST_LAB", ROOT / ".lab"))
    binary = folder / "node_modules" / "local-slack-linux-x64" / "bin" / "local-slack"
    preload = SHARED / "slacklab" / "conf" / "plus.js"
    if not binary.is_file():
        lacking("no local Slack under TEST_LAB (.ci/run installs it)")
    if not preload.is_file():
        lacking("no slacklab/conf/plus.js in the shared folder (TEST_SHARED)")
    return binary, preload


def configuration(mode: str, desk_port: int, people: Sequence[Somebody]) -> str:
    """The local Slack's configuration; JSON is YAML too."""
    app = {
        "appId": "A0DESK", "botUserId": BOT, "botName": "desk", "botToken": BOT_TOKEN, "appToken": APP_TOKEN,
        "signingSecret": SECRET, "mode": mode, "requestUrl": f"http://127.0.0.1:{desk_port}/slack/events",
    }  # fmt: skip
    users = [
        {"id": one.slack_id, "name": one.slack_id.lower(), "real_name": one.name, "email": one.email} for one in people
    ]
    channels = [{"id": CHANNEL, "name": "general", "members": [BOT, *(one.slack_id for one in people)]}]
    workspace = {"name": "Marlshire", "domain": "marl", "teamId": cast.HOME_TEAM}
    return json.dumps({"workspace": workspace, "app": app, "users": users, "channels": channels})


@contextmanager
def open_lab(
    mode: str, home_made: Path, folder: Path, people: Sequence[Somebody], **settings: str
) -> Iterator[Lab]:  # fmt: skip
    """A local Slack with these people and the desk in it. `mode`: events (over HTTP) or socket; `home_made`: what the
    desk begins with; `settings`: more of the desk's,
    in which {address} is its own."""
    binary, preload = binary_and_preload()
    port, desk_port = free_port(), free_port()
    (folder / "slack.yaml").write_text(configuration(mode, desk_port, people), encoding="utf-8")
    environment = {**os.environ, "BUN_OPTIONS": f"--preload {preload}"}
    with (folder / "slack.log").open("wb") as log:
        slack = subprocess.Popen(
            [binary, "--config", folder / "slack.yaml", "--port", str(port), "--base-host", "127.0.0.1"],
            env=environment, cwd=folder, stdout=log, stderr=log,
        )  # fmt: skip
    home = cast.copy_home(home_made, folder / "desk")
    lab = Lab(f"http://127.0.0.1:{port}", mode, home, desk_port)
    lab.settings |= {name: value.format(address=lab.address) for name, value in settings.items()}
    try:
        until(lambda: answers(f"{lab.base}/_control/state"), "the local Slack up", 20)
        lab.start_desk()
        yield lab
    finally:
        for child in lab.children:
            stopped(child)
        stopped(slack)


class Camera:
    """Pictures of the local Slack's pages in a folder; with no folder, none are taken."""

    def __init__(self, lab: Lab, folder: str) -> None:
        self._lab, self._folder = lab, folder
        self._stack = ExitStack()
        self._page: Any = None

    def __enter__(self) -> Camera:
        if self._folder:
            from playwright.sync_api import sync_playwright

            Path(self._folder).mkdir(parents=True, exist_ok=True)
            playwright = self._stack.enter_context(sync_playwright())
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            self._stack.callback(browser.close)
            self._page = browser.new_page(viewport={"width": 1280, "height": 1000})
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def takes(self, name: str, who: Somebody, channel: str = "", *, thread: str = "") -> None:
        """A picture of what somebody sees in a channel, or in a thread of it; with no channel, in App Home."""
        if not self._page:
            return
        link = f"/archives/{channel}" + (f"/p{thread.replace('.', '')}" if thread else "") if channel else "/"
        self._page.goto(self._lab.base + link)
        self._page.locator("select").first.select_option(label=who.name)
        if not channel:
            self._page.locator(".sidebar-item", has_text="desk").click()
        self._page.wait_for_timeout(500)
        self._shoot(name)

    def takes_sent(self, name: str, press: str, *values: str) -> None:
        """A picture of the form that is open, filled in and sent by hand."""
        if not self._page:
            return
        for number, value in enumerate(values):
            self._page.locator(".modal input, .modal textarea").nth(number).fill(value)
        self._page.locator(".modal button", has_text=press).click()
        self._page.locator(".modal-error").first.wait_for()
        self._shoot(name)

    def _shoot(self, name: str) -> None:
        self._page.screenshot(path=str(Path(self._folder) / f"{name}.png"))


def text_of(message: dict[str, Any]) -> str:
    """Everything a message says."""
    return json.dumps(message, ensure_ascii=False)


def kill_with_its_workers(child: subprocess.Popen[bytes]) -> None:
    """kill -9 of a process of ours and of what it started: gunicorn's workers would live on."""
    family = [child.pid]
    for pid in family:
        family += [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    for pid in family:
        os.kill(pid, signal.SIGKILL)
    child.wait()
