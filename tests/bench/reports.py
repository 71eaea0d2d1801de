"""A committee's report over very many concerns, on each engine, beside merely reading when each was raised and
answered."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import cast
import sqlalchemy as sa
from counties import load_county

from bench.engines import server
from bench.rows import Row
from bot.reports import as_html
from bot.wiring import Wiring
from handlers.reports.making import make, past_year
from handlers.reports.nouns import About, Wish
from knowledge.concerns.record import FAR
from knowledge.parties import party_of
from knowledge.register.holding import contracts
from knowledge.store import Store
from knowledge.tables import concern, concern_event

MANY = 100_000
_PART = 10_000
_DISTRICTS = ("Marlchester", "Brenmouth", "Quillendale", "Pellingarth", "Saltmarl Coast", "High Marl", "")
_SERVICES = ("home-care", "school-coaches", "pothole-repairs", "libraries", "street-lighting", "")


class Reporting(NamedTuple):
    """One measure. `took`: seconds for the report as a page; `beside`: seconds to read of
    each concern its contract and when it was raised and answered."""

    engine: str
    concerns: int
    took: float
    beside: float


def reportings(folder: Path, many: int = MANY) -> Iterator[Reporting]:
    """The report on SQLite, and on PostgreSQL where there is a server or the package that brings one."""
    yield _measure(folder / "sqlite", many, "SQLite")
    with server() as url:
        if url:
            yield _measure(folder / "postgresql", many, "PostgreSQL", DATABASE_URL=url)


def _measure(home: Path, many: int, engine: str, **environment: str) -> Reporting:
    cast.make_home(home)
    wiring = Wiring(cast.settings(home, **environment))
    load_county(wiring.store, cast.SAMPLE)
    fill(wiring.store, many)
    desk = wiring.desk
    wish = Wish(about=About.COMMITTEE, period=past_year(desk.day))
    begun = time.perf_counter()
    with desk.store.reading() as connection:
        page = as_html(make(wish, connection, desk))
    took = time.perf_counter() - begun
    assert f"{many:,}" in page
    begun = time.perf_counter()
    with desk.store.reading() as connection:
        connection.execute(sa.select(concern.c.contract, concern.c.raised_at, concern.c.answered_at)).all()
    beside = time.perf_counter() - begun
    wiring.store.close()
    return Reporting(engine, many, took, beside)


def fill(store: Store, many: int) -> None:
    """So many concerns of the last year, of every contract, with four events each."""
    dice, now = random.Random(5), datetime.now(UTC)
    with store.writing() as connection:
        keys = [one.contract.key for one in contracts(connection)]
        member = party_of(connection, cast.MO.email)
        first = int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(concern.c.id), 0))).scalar_one())
    for start in range(1, many + 1, _PART):
        rows = [_row(first + number, keys, member, now, dice) for number in range(start, min(start + _PART, many + 1))]
        with store.writing() as connection:
            connection.execute(sa.insert(concern), rows)
            connection.execute(sa.insert(concern_event), [event for row in rows for event in _events(row, dice)])
    with store.writing() as connection:
        connection.execute(sa.text("ANALYZE"))


def _row(number: int, keys: list[str], member: int, now: datetime, dice: random.Random) -> dict[str, Any]:
    raised = now - timedelta(hours=dice.uniform(24, 350 * 24))
    answered = raised + timedelta(hours=dice.expovariate(1 / 120)) if dice.random() < 0.95 else None
    ended = answered is not None and answered < now
    return {
        "id": number, "contract": keys[min(int(dice.expovariate(0.12)), len(keys) - 1)],
        "service": dice.choice(_SERVICES), "district": dice.choice(_DISTRICTS), "level": "standard",
        "state": "closed" if ended else "raised", "outcome": dice.choice(("put_right", "explained")) if ended else "",
        "at_risk": False, "raised_by": member, "holder_role": "", "origin": {}, "source": f"made:{number}",
        "raised_at": raised, "acknowledge_by": raised + timedelta(days=1), "answer_by": raised + timedelta(days=10),
        "acknowledged_at": raised + timedelta(hours=dice.uniform(1, 26)) if ended else None,
        "answered_at": answered if ended else None, "closed_at": answered if ended else None, "next_check_at": FAR,
    }  # fmt: skip


def _events(row: dict[str, Any], dice: random.Random) -> Iterator[dict[str, Any]]:
    last = "put_right" if dice.random() < 0.4 else "not_fixed" if dice.random() < 0.1 else "follow"
    for step, move in enumerate(("raise", "acknowledge", "close" if row["closed_at"] else "escalate", last)):
        about = {"step": "answer"} if move == "escalate" else {}
        at = row["raised_at"] + timedelta(hours=step)
        yield {"concern": row["id"], "at": at, "move": move, "state": row["state"], "about": about}


def rows(folder: Path) -> Iterator[Row]:
    """A committee's report over very many concerns."""
    for one in reportings(folder):
        size = f"{one.concerns:,} concerns, {one.engine}"
        yield Row("a committee's report, as a page", size, one.took, "s", "reading their dates", one.beside)
