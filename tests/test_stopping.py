"""Told to stop, a process finishes what is in its hands; killed, it leaves nothing running behind it, and what it held
another takes up once its lease is out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cast
import pytest
import sqlalchemy as sa
from cast import PRUE
from fake_slack import FakeSlack, event_body, mention, signed, until
from marlshire import IMRAN, introduce_to
from processes import ROOT, answers, child_environment, free_port, start_desk, stopped, while_alive
from slack_forms import form_body
from slack_sdk.errors import SlackApiError
from workspace import FORM, slack_settings

import bot.slack.socket
from bot.slack.client import Garbled
from bot.slack.intake import Intake
from bot.slack.socket import Gently
from bot.wiring import Wiring
from handlers.messages import Outcome, Reply
from knowledge import incoming as incoming_of
from knowledge.away import Away
from knowledge.outbox import claiming, picking
from knowledge.outbox.owing import owe
from knowledge.store import Store, aware
from knowledge.tables import incoming, notification

QUESTION = "Who signs off a contract worth £600,000?"


class Desk:
    """A desk in a process of its own."""

    def __init__(self, home: Path, fake: FakeSlack, *said: str, **more: str) -> None:
        self.home, self.port = home, free_port()
        self.wiring = Wiring(cast.settings(home))
        introduce_to(fake, self.wiring.store)
        environment = child_environment(home, **slack_settings(fake), DESK_WEB_WORKERS="1", **more)
        self.child = start_desk(home / "log.txt", environment, "serve", "--port", str(self.port), *said)

    def await_serving(self) -> None:
        """Waits until it answers."""
        while_alive([self.child], lambda: answers(f"http://127.0.0.1:{self.port}/readyz"), "the desk serves")

    def deliver(self, body: str, kind: str = "application/json") -> int:
        """Slack delivers something. Gives the answer's status."""
        url = f"http://127.0.0.1:{self.port}/slack/events"
        with urllib.request.urlopen(
            urllib.request.Request(url, body.encode(), signed(body, kind=kind)), timeout=10
        ) as answer:
            return int(answer.status)

    def states(self, table: Any) -> list[str]:
        """How everything in a table stands."""
        with self.wiring.store.reading() as connection:
            return sorted(connection.execute(sa.select(table.c.state)).scalars())

    def urgent(self) -> list[Any]:
        """What is urgent, as it stands."""
        with self.wiring.store.reading() as connection:
            return list(connection.execute(sa.select(notification).where(notification.c.urgent.is_(True))))


@pytest.fixture
def open_desk(county_home: Path, tmp_path: Path, fake: FakeSlack) -> Iterator[Callable[..., Desk]]:
    """Starts desks, and ends them."""
    opened: list[Desk] = []

    def make(*said: str, **more: str) -> Desk:
        opened.append(Desk(cast.copy_home(county_home, tmp_path / "desk"), fake, *said, **more))
        opened[-1].await_serving()
        return opened[-1]

    yield make
    fake.let_go()
    for one in opened:
        if one.child.poll() is None:
            stopped(one.child, signal.SIGKILL)
        one.wiring.store.close()


def told_to_stop(desk: Desk, fake: FakeSlack) -> int:
    """Tells a desk to stop while Slack hangs, which answers a while later. Gives its exit code."""
    desk.child.send_signal(signal.SIGTERM)
    while_alive([desk.child], lambda: '"leaving"' in (desk.home / "log.txt").read_text(), "it begins to leave")
    time.sleep(0.5)
    assert desk.child.poll() is None, "it waits for what is in its hands"
    fake.let_go()
    return desk.child.wait(120)


def test_a_web_server_told_to_stop_finishes_the_answer_in_hand(open_desk: Callable[..., Desk], fake: FakeSlack) -> None:
    desk = open_desk()
    fake.hang("chat.postMessage")
    assert desk.deliver(event_body(mention(PRUE, QUESTION))) == 200
    fake.await_calls("chat.postMessage", seconds=120)
    assert told_to_stop(desk, fake) == 0
    assert desk.states(incoming) == ["handled"]
    assert len(fake.made("chat.postMessage")) == 1


def test_a_web_server_told_to_stop_leaves_what_it_has_not_begun_to_the_next(
    open_desk: Callable[..., Desk], fake: FakeSlack
) -> None:
    desk = open_desk()
    fake.hang("chat.postMessage")
    for _ in range(14):
        assert desk.deliver(event_body(mention(PRUE, QUESTION))) == 200
    fake.await_calls("chat.postMessage", 8, seconds=120)
    assert told_to_stop(desk, fake) == 0
    with desk.wiring.store.reading() as connection:
        now, rows = desk.wiring.store.now(connection), connection.execute(sa.select(incoming)).all()
    left = [row for row in rows if row.state == "received"]
    assert (len(rows), len(left)) == (14, 6), "each is handled, or left as it was"
    assert all(aware(row.lease_until) <= now for row in left), "the next takes them up at once, and waits for no lease"


def test_a_web_server_told_to_stop_finishes_the_urgent_letter_in_hand(
    open_desk: Callable[..., Desk], fake: FakeSlack
) -> None:
    desk = open_desk()
    fake.hang("users.lookupByEmail")
    fields = {"text": "she is hurt and alone", "place": "Gullhaven", "contract": "", "at_risk": "yes"}
    assert desk.deliver(form_body(IMRAN, "V1", "new_concern", "", fields), FORM) == 200
    until(lambda: any(one.attempts for one in desk.urgent()), "the letter is in hand", 120)
    assert told_to_stop(desk, fake) == 0
    [letter] = desk.urgent()
    assert (letter.state, letter.attempts) == ("sent", 1)


TOGETHER = """
import sys
from bot.children import run_together
wait = "import os, sys, time; open(sys.argv[1] + str(os.getpid()), 'w').close(); time.sleep(60)"
sys.exit(run_together([[sys.executable, "-c", wait, sys.argv[1]]] * 2, {}))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent has died")
def test_what_a_killed_process_had_started_does_not_go_on_alone(tmp_path: Path) -> None:
    """Else it would hold the port that the next one wants."""
    parent = subprocess.Popen([sys.executable, "-c", TOGETHER, f"{tmp_path}{os.sep}"], cwd=ROOT)
    until(lambda: len(list(tmp_path.iterdir())) == 2, "both run", 20)
    parent.kill()
    parent.wait(10)
    children = [int(path.name) for path in tmp_path.iterdir()]
    until(lambda: not any(is_there(pid) for pid in children), "both are gone", 10)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Session:
    """A connection to Slack that remembers what is sent over it, and when it is closed."""

    def __init__(self, seen: list[str]) -> None:
        self._seen = seen

    def is_active(self) -> bool:
        return True

    def run_until_completion(self, state: Any) -> None:
        while not state.terminated:
            time.sleep(0.02)

    def send(self, message: str) -> None:
        self._seen.append(f"sent {message}")

    def close(self) -> None:
        self._seen.append("closed")

    session_id = "x"


def test_over_socket_mode_an_event_in_hand_is_acknowledged_before_the_connection_ends() -> None:
    """Slack would else send it again, and meanwhile tell whoever pressed that the app does not answer."""
    from slack_bolt import App
    from slack_bolt.authorization import AuthorizeResult

    seen: list[str] = []
    in_hand, go_on = threading.Event(), threading.Event()
    app = App(
        signing_secret="x",
        authorize=lambda enterprise_id, team_id: AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-x"
        ),
    )

    @app.command("/desk")
    def command(ack: Callable[[], None]) -> None:
        in_hand.set()
        go_on.wait(10)
        ack()

    handler = Gently(app, "xapp-x")
    handler.client.current_session = Session(seen)
    said = {"command": "/desk", "team_id": "T", "user_id": "U", "channel_id": "C"}
    for number in (1, 2):
        handler.client.enqueue_message(
            json.dumps({"type": "slash_commands", "envelope_id": f"E{number}", "payload": said})
        )
    assert in_hand.wait(10)
    until(lambda: handler.client.message_queue.empty(), "both are in hand")
    threading.Timer(0.3, go_on.set).start()
    handler.close()
    assert seen[-1] == "closed"
    assert sorted(one[:34] for one in seen[:-1]) == ['sent {"envelope_id": "E1"}', 'sent {"envelope_id": "E2"}']


class Reluctant(Gently):
    """A connection that meets these troubles first, and then is there."""

    def __init__(self, *troubles: Exception) -> None:
        self.client: Any = SimpleNamespace(wss_uri="an old one")
        self.troubles, self.tried = list(troubles), 0

    def connect(self) -> None:
        self.tried += 1
        assert self.client.wss_uri is None, "what was given out for an earlier try is not used again"
        if self.troubles:
            raise self.troubles.pop(0)


def refusal(code: str) -> SlackApiError:
    return SlackApiError("no", SimpleNamespace(data={"ok": False, "error": code}, status_code=200))  # type: ignore[no-untyped-call]


def test_where_slack_is_away_as_a_process_begins_it_connects_once_slack_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else it would end, and with `desk serve --all` everything beside it."""
    monkeypatch.setattr(bot.slack.socket, "_FIRST", 0.01)
    away = Reluctant(OSError("flugelhorn"), refusal("internal_error"), Garbled("JSONDecodeError"))
    assert away.connect_when_there(threading.Event())
    assert away.tried == 4
    with pytest.raises(SlackApiError):
        Reluctant(refusal("invalid_auth")).connect_when_there(threading.Event())
    told = threading.Event()
    told.set()
    assert not Reluctant().connect_when_there(told)


class Beginner:
    """What makes replies, in a process that begins while the record is away."""

    def __init__(self) -> None:
        self.begun = 0

    def make_ready(self) -> None:
        self.begun += 1
        if self.begun == 1:
            raise Away("gone")

    def reply(self, id: str, payload: dict[str, Any]) -> Reply:
        return Reply(outcome=Outcome.HELP, text="Hello.")


class Nothing:
    """Does nothing, and remembers to whom it was sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, id: str, payload: dict[str, Any], reply: Reply) -> None:
        self.sent.append(id)

    def while_working(self, payload: dict[str, Any]) -> AbstractContextManager[None]:
        return nullcontext()


def test_a_process_that_begins_while_the_record_is_away_takes_up_what_was_left_once_it_is_back(
    sqlite_store: Store,
) -> None:
    """Else nobody would, where there is no other."""
    incoming_of.write_down(sqlite_store, "left", "slack", {"text": "hello", "user": "U1"})
    incoming_of.release(sqlite_store, "left", timedelta(seconds=-1))
    made: Any = Nothing()
    beginner: Any = Beginner()
    intake = Intake(sqlite_store, beginner, made, made, made, print)
    intake.start()
    try:
        until(lambda: made.sent == ["left"], "what was left is answered", 10)
    finally:
        intake.stop()


# --- what a dead one left -------------------------------------------------------------------------------------------


def test_what_a_dead_process_held_is_taken_up_when_its_lease_is_out_and_no_sooner(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With leases of a second instead of one and a half minutes."""
    monkeypatch.setattr(picking, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(incoming_of, "LEASE", timedelta(seconds=1))
    with store.writing() as connection:
        owe(connection, store.now(connection) - timedelta(seconds=1), kind="news", subject="x", recipient=IMRAN.email,
            channel="email")  # fmt: skip
    began = time.monotonic()
    assert incoming_of.write_down(store, "event", "slack", {"text": "hello"})
    [dead] = claiming.claim(store, "dead", "email", urgent=False)
    assert (claiming.claim(store, "other", "email", urgent=False), incoming_of.claim(store, "slack")) == ([], [])
    taken: dict[str, float] = {}

    def look() -> bool:
        for name, found in (
            ("letter", claiming.claim(store, "other", "email", urgent=False)),
            ("event", incoming_of.claim(store, "slack")),
        ):
            if found and name not in taken:  # on a busy machine the second's lease may be out as well
                assert (found[0].id, found[0].attempts) == (dead.id if name == "letter" else "event", 2)
                taken[name] = time.monotonic() - began
        return len(taken) == 2

    until(look, "both taken up", 60)
    assert all(waited >= 1 for waited in taken.values()), taken
    assert not claiming.settle_sent(store, dead, "dead", {}), "whoever held it settles nothing any more"
