"""What one machine carries, with one web process: questions a second, a register of ten and fifty thousand contracts.
Notifications a second are measured by `sending`, Slack's events by `events`, subscriptions by `subscriptions`, the
timeline by `timeline`, concerns by `reports` and `raising`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cast
from fake_slack import until
from processes import answers, child_environment, free_port, start_desk, stopped

from bench.events import Caller
from bench.routing import county_of, open_reader
from bench.rows import Row
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message
from knowledge.models import Role
from knowledge.status.counting import figures

QUESTIONS = 200
CONTRACTS = (1_000, 10_000, 50_000)
_LIFE = "/healthz at the same rate of callers"


def rows(folder: Path) -> Iterator[Row]:
    """Questions first, then registers of growing size."""
    yield from _questions(folder / "questions")
    yield from _registers(folder)


def _questions(home: Path) -> Iterator[Row]:
    """In this process, which is what one processor does; and pages of a web server by eight callers at once."""
    cast.make_home(home)
    wiring = Wiring(cast.settings(home))
    asks = [ask for entry in wiring.pack.digest for ask in entry.asks][:QUESTIONS]
    for text in asks[:10]:
        handle(Message(text=text, roles=frozenset({Role.OFFICER})), wiring.desk)
    began = time.perf_counter()
    for text in asks:
        handle(Message(text=text, roles=frozenset({Role.OFFICER})), wiring.desk)
    rate = len(asks) / (time.perf_counter() - began)
    yield Row("questions answered, one process", "sample council", rate, "a second")
    began = time.perf_counter()
    figures(wiring.store)
    yield Row("all figures of /metrics counted", "sample council", (time.perf_counter() - began) * 1000, "ms")
    wiring.store.close()
    yield _pages(home)


def _pages(home: Path) -> Row:
    port = free_port()
    child = start_desk(home / "log.txt", child_environment(home), "serve", "--port", str(port))
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "the web server", 60)
        caller = Caller(f"http://127.0.0.1:{port}")
        ours, theirs = (_rate(caller, path) for path in ("/timeline", "/healthz"))
    finally:
        stopped(child)
    return Row("pages (/timeline) by eight callers", "two web processes", ours, "a second", _LIFE, theirs)


def _rate(caller: Caller, path: str) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: caller.ask("GET", path), range(QUESTIONS)))
    return len(done) / (time.perf_counter() - began)


def _registers(folder: Path) -> Iterator[Row]:
    """Taking a register in and building its index, and the whole of it on the disk; the smallest is what is beside."""
    first: float | None = None
    for size in CONTRACTS:
        home = folder / f"register-{size}"
        contracts = county_of(size)
        began = time.perf_counter()
        open_reader(home, contracts)
        took = time.perf_counter() - began
        first = first or took
        beside = f"{CONTRACTS[0]:,} contracts"
        yield Row("register into the record and its index", f"{size:,} contracts", took, "s", beside, first)
        bytes_ = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
        yield Row("register and its index on the disk", f"{size:,} contracts", bytes_ / 1e6, "MB")
