"""Concerns raised at a rate over HTTP, as Slack would send them: signed, and everything sent twice.

A web server of its own takes a Member's direct message, shows the contract, and takes the press of Raise. What is
measured is how long each delivery waits for its acknowledgement, and what the record holds in the end.
"""

from __future__ import annotations

import sqlite3
import statistics
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import cast
from cast import Somebody
from counties import load_county
from fake_slack import BOT_TOKEN, SIGNING_SECRET, FakeSlack, click_body, direct, event_body, signed, until
from processes import answers, child_environment, free_port, start_desk, stopped

from bench.rows import Row
from bot.settings import load_settings
from bot.wiring import Wiring
from knowledge.models import Role
from knowledge.people import read_people, replace_people

TROUBLES = (
    "no carer came to a lady in Gullhaven this morning", "the school taxi did not come to Pellingarth again",
    "a pothole as big as a bath on the road into Brenmouth", "street lights out in Marlchester high street",
    "the library in Pellingarth was shut when it should be open", "grass on the verge at Gullhaven is waist high",
)  # fmt: skip
"""What Members write, with a number put behind each so that no two are the same."""


@dataclass
class Raised:
    """What came of it. `waits`: milliseconds each delivery waited for its acknowledgement; `pressed`: how many buttons;
    `concerns`: raised in the end; `failed`: deliveries not acknowledged; `bare`: milliseconds for the server's sign of
    life, the median while nothing else was asked of it."""

    asked: int
    waits: list[float] = field(default_factory=list)
    pressed: int = 0
    concerns: int = 0
    failed: int = 0
    bare: float = 0.0

    def within(self, percent: int) -> float:
        """Milliseconds within which so many of a hundred deliveries were acknowledged."""
        return sorted(self.waits)[min(len(self.waits) - 1, len(self.waits) * percent // 100)]


class Sender:
    """Slack, sending: each delivery, and each again as Slack does when it hears nothing in time."""

    def __init__(self, url: str, raised: Raised) -> None:
        self._url, self._raised = url, raised
        self._lock = threading.Lock()

    def send(self, body: str, kind: str = "application/json") -> None:
        """One delivery, acknowledged or not, and its repeat."""
        self._post(body, signed(body, kind=kind))
        self._post(body, {**signed(body, kind=kind), "X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})

    def _post(self, body: str, headers: dict[str, str]) -> None:
        began = time.perf_counter()
        request = urllib.request.Request(self._url, body.encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                good = answer.status == 200
        except (OSError, urllib.error.HTTPError):
            good = False
        with self._lock:
            self._raised.waits.append((time.perf_counter() - began) * 1000)
            self._raised.failed += not good


@contextmanager
def desk(home: Path, slack: FakeSlack, members: list[Somebody]) -> Iterator[str]:
    """A web server with the sample council and these Members. Gives the address of its Slack events."""
    cast.make_home(home)
    environment = {
        "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET, "SLACK_API_URL": slack.url,
        "DESK_WEB_WORKERS": "2",
    }  # fmt: skip
    wiring = Wiring(load_settings(cast.environment(home, **environment)))
    load_county(wiring.store, cast.SAMPLE)
    wiring.register.get()
    people = home / "people.csv"
    own = (cast.SAMPLE / "people.csv").read_text(encoding="utf-8")
    people.write_text(own + "".join(f"{one.email},{one.slack_id},{one.name},member,,,,,\n" for one in members))
    with wiring.store.writing() as connection:
        replace_people(connection, read_people(people).rows)
    wiring.store.close()
    port = free_port()
    child = start_desk(home / "log.txt", child_environment(home, **environment), "serve", "--port", str(port))
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "the web server", 60)
        yield f"http://127.0.0.1:{port}/slack/events"
    finally:
        stopped(child)


def raise_many(folder: Path, many: int = 200, a_second: float = 20.0) -> Raised:
    """So many concerns at this rate: the message, and as soon as the desk has answered, the press."""
    members = [
        Somebody(f"Cllr Number {n}", f"member{n}@example.org", f"U0NUMBER{n:04}", Role.MEMBER) for n in range(many)
    ]
    raised = Raised(many)
    with FakeSlack() as slack, desk(folder, slack, members) as url:
        raised.bare = _bare(url)
        sender, stopping = Sender(url, raised), threading.Event()
        pool = ThreadPoolExecutor(max_workers=32)
        presser = threading.Thread(
            target=_press, args=(slack, sender, pool, {m.slack_id: m for m in members}, stopping)
        )
        presser.start()
        began = time.monotonic()
        for number, member in enumerate(members):
            stopping.wait(max(0.0, began + number / a_second - time.monotonic()))
            text = f"{TROUBLES[number % len(TROUBLES)]}, the {number}th time"
            pool.submit(sender.send, event_body(direct(member, text)))
        with suppress(AssertionError):
            until(lambda: _concerns(folder) >= many, "every concern raised", 120)
        stopping.set()
        presser.join()
        pool.shutdown()
        raised.pressed = sum(1 for _ in _buttons(slack))
        raised.concerns = _concerns(folder)
    return raised


def _bare(url: str) -> float:
    """What a request costs that asks for nothing."""
    times = []
    for _ in range(50):
        began = time.perf_counter()
        answers(url.replace("/slack/events", "/healthz"))
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _press(
    slack: FakeSlack, sender: Sender, pool: ThreadPoolExecutor, members: dict[str, Somebody], stopping: threading.Event
) -> None:
    """Presses Raise under every answer that offers it, once."""
    pressed: set[tuple[str, str]] = set()
    numbers = count()
    while not stopping.wait(0.05):
        for channel, action, value in _buttons(slack):
            if (action, value) in pressed:
                continue
            pressed.add((action, value))
            who = members[channel.removeprefix("D0")]
            body = click_body(who, action, value, channel=channel, trigger=f"press.{next(numbers)}")
            pool.submit(sender.send, body, "application/x-www-form-urlencoded")


def _buttons(slack: FakeSlack) -> Iterator[tuple[str, str, str]]:
    """The first button that raises, under each message the desk has posted or changed: channel, action, value. Some are
    first asked whether they would rather follow a concern that tells of the same, and are raised all the same."""
    for given in (*slack.made("chat.postMessage"), *slack.made("chat.update")):
        for action, value in _raising(given.get("blocks") or []):
            yield str(given["channel"]), action, value
            break


def _raising(blocks: Any) -> Iterator[tuple[str, str]]:
    for block in blocks:
        for element in block.get("elements", ()):
            action = str(element.get("action_id", ""))
            if ":raise" in action:
                yield action, str(element.get("value", ""))


def _concerns(home: Path) -> int:
    connection = sqlite3.connect(home / "record.db", timeout=10)
    try:
        return int(connection.execute("SELECT count(*) FROM concern").fetchone()[0])
    finally:
        connection.close()


def rows(folder: Path) -> Iterator[Row]:
    """200 concerns raised at 20 a second over HTTP, everything delivered twice."""
    raised = raise_many(folder)
    size = f"{raised.concerns} of {raised.asked} raised, {raised.failed} of {len(raised.waits)} not acknowledged"
    for percent in (50, 99):
        what = f"concerns raised at 20 a second, {percent} % acknowledged within"
        yield Row(what, size, raised.within(percent), "ms", "/healthz at rest", raised.bare)
