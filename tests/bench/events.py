"""Slack's events over HTTP at 50, 100 and 200 a second, against a web server of the desk's own: how long each waits for
its acknowledgement, beside a sign of life asked for in between; and that none is lost."""

from __future__ import annotations

import http.client
import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import cast
from fake_slack import FakeSlack, direct, event_body, signed

from bench.raising import desk
from bench.rows import Row

RATES = (50, 100, 200)
SECONDS = 6.0
_SENDERS = 32


class Caller:
    """Slack's side: connections that stay, one a thread."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 0
        self._local = threading.local()

    def ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> float:
        """One request. Gives how many milliseconds it waited. Raises OSError where it is not answered with 200."""
        began = time.perf_counter()
        connection = self._connection()
        try:
            connection.request(method, path, body.encode(), headers or {})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            del self._local.connection
            raise OSError(type(error).__name__) from None
        if answer.status != 200:
            raise OSError(str(answer.status))
        return (time.perf_counter() - began) * 1000

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._local, "connection"):
            self._local.connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
        found: http.client.HTTPConnection = self._local.connection
        return found


def rows(folder: Path, rates: tuple[int, ...] = RATES, seconds: float = SECONDS) -> Iterator[Row]:
    """At each rate, on a server that begins with an empty queue."""
    for rate in rates:
        home = folder / str(rate)
        with FakeSlack() as slack, desk(home, slack, []) as url:
            time.sleep(2.0)  # what every question needs is open then; a start is measured elsewhere
            yield from _at(home, url, rate, seconds)


def _at(home: Path, url: str, rate: int, seconds: float) -> Iterator[Row]:
    waits, lives, failed = _send(Caller(url), rate, seconds)
    size = f"{rate} a second, {len(waits)} of {len(waits) + failed} acknowledged, {_kept(home)} written down"
    for percent in (50, 99):
        ours, theirs = _within(waits, percent), _within(lives, percent)
        yield Row(f"Slack's events acknowledged, {percent} % within", size, ours, "ms", "/healthz meanwhile", theirs)


def _send(caller: Caller, rate: int, seconds: float) -> tuple[list[float], list[float], int]:
    """Events at a rate, whatever becomes of those before; every tenth time a sign of life as well."""
    waits: list[float] = []
    lives: list[float] = []
    failed: list[str] = []

    def event(body: str) -> None:
        try:
            waits.append(_delivered(caller, body))
        except OSError as error:
            failed.append(str(error))

    began = time.monotonic()
    with ThreadPoolExecutor(_SENDERS) as pool:
        for number in range(int(rate * seconds)):
            threading.Event().wait(max(0.0, began + number / rate - time.monotonic()))
            pool.submit(event, event_body(direct(cast.OLIVE, f"what is principle {number % 9}", channel=f"D0{number}")))
            if number % 10 == 0:
                pool.submit(lambda: lives.append(caller.ask("GET", "/healthz")))
    return waits, lives, len(failed)


def _delivered(caller: Caller, body: str) -> float:
    """Sent once more where a connection that was kept has ended meanwhile, as Slack does."""
    try:
        return caller.ask("POST", "/slack/events", body, signed(body))
    except OSError:
        return caller.ask("POST", "/slack/events", body, signed(body))


def _kept(home: Path) -> int:
    connection = sqlite3.connect(home / "record.db", timeout=10)
    try:
        return int(connection.execute("SELECT count(*) FROM incoming").fetchone()[0])
    finally:
        connection.close()


def _within(times: list[float], percent: int) -> float:
    if percent == 50:
        return statistics.median(times)
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]
