"""Telling: one new intention against very many subscriptions, beside a loop over all of them; a thousand intentions."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bench.rows import Row
from bench.timeline import template
from knowledge.documents.reading.lines import Limits
from knowledge.services import load_services
from knowledge.store import Store, open_store
from knowledge.subscriptions.explaining import subject_in_record
from knowledge.subscriptions.filing import places_of
from knowledge.subscriptions.judging import judge
from knowledge.subscriptions.nouns import Criteria, fits
from knowledge.tables import intention, party, subscription, subscription_filed
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.changing import begin
from knowledge.timeline.importing import take_in
from knowledge.timeline.nouns import Route
from knowledge.timeline.reading.file import read_timeline
from knowledge.timeline.showing import prepare
from knowledge.timeline.when import read_when

SIZES = (1_000, 10_000, 100_000, 1_000_000)
FEW, MANY = 10_000, 100_000
_PART = 50_000
_SAMPLE = 20
_BUYERS = Buyers.of("Marlshire County Council")
_WORDS = ("dementia", "respite care", "school transport", "reablement", "supported living", "youth work", "recycling")
_NEW = {
    "title": "Home care in Gullhaven", "description": "Care at home, with respite care, for people with dementia.",
    "route": Route.TENDER, "tender": read_when("2027-03"), "start": read_when("2027-09"), "cpv": ("85312400",),
}  # fmt: skip


class Telling(NamedTuple):
    """One measure. `found`: how many matches were written; `took`: seconds, written and committed; `beside`: seconds of
    what it is compared with."""

    what: str
    subscriptions: int
    found: int
    took: float
    beside: float


def tellings(folder: Path, sizes: tuple[int, ...] = SIZES) -> Iterator[Telling]:
    """One new intention at each size, beside judging everybody's wishes in turn without writing anything; one that
    everybody wants; and a thousand intentions, beside a loop of which a fiftieth is measured."""
    prepare()
    for size in sizes:
        with _filled(folder, size, wishes(random.Random(6))) as store:
            yield _one(store, "one new intention, beside a loop over all", size)
    with _filled(folder, MANY, repeat({})) as store:
        yield _one(store, "one that all of them want, beside a loop", MANY)
    with _filled(folder, FEW, wishes(random.Random(6))) as store:
        yield _thousand(store, template(folder / "thousand.csv", 1_000))


@contextmanager
def _filled(folder: Path, size: int, asked: Iterator[dict[str, Any]]) -> Iterator[Store]:
    store, _ = open_store(f"sqlite:///{folder / f'subscriptions-{size}-{time.monotonic_ns()}.db'}")
    try:
        fill(store, size, asked)
        yield store
    finally:
        store.close()
        for path in folder.glob("subscriptions-*"):
            path.unlink()


def wishes(some: random.Random) -> Iterator[dict[str, Any]]:
    """What people ask for, as the record holds it: a kind of service or two, a code, words; every other within a value
    or of a kind."""
    services = [service.key for service in load_services()]
    while True:
        wish: dict[str, Any] = {}
        if (kind := some.random()) < 0.6:
            wish["services"] = some.sample(services, some.choice((1, 1, 2, 3)))
        elif kind < 0.75:
            wish["cpv"] = [some.choice(("85", "853", "79", "45", "60", "90", "80", "98", "50", "55"))]
        elif kind < 0.9:
            wish["words"] = [some.choice(_WORDS)]
        else:
            wish["kinds"] = [some.choice(("grant", "engagement", "sub-contract", "partner"))]
        if some.random() < 0.5:
            wish["high"] = some.choice((50_000, 100_000, 214_904, 500_000, 1_000_000, 5_000_000))
        yield wish


def fill(store: Store, size: int, asked: Iterator[dict[str, Any]]) -> None:
    """So many subscriptions, each of somebody else, most of them at once."""
    with store.writing() as connection:
        for start in range(1, size + 1, _PART):
            _fill(connection, range(start, min(start + _PART, size + 1)), asked)
    with store.writing() as connection:
        connection.execute(sa.text("ANALYZE"))


def _fill(connection: Connection, numbers: range, asked: Iterator[dict[str, Any]]) -> None:
    now = connection.execute(sa.select(sa.func.now())).scalar_one() - timedelta(days=30)
    given = {number: Criteria.model_validate(wish) for number, wish in zip(numbers, asked, strict=False)}
    people = [{"id": number, "address": f"p{number}@example.org", "unreachable": ""} for number in given]
    rows = [
        {
            "id": number, "recipient": number, "owner": number, "channel": "email", "sentence": "", "state": "active",
            "criteria": one.model_dump(mode="json", exclude_defaults=True), "ended_why": "", "wording": "",
            "every": "daily" if number % 3 == 0 else "weekly" if number % 7 == 0 else "at once",
            "since": now, "made_at": now, "confirmed_at": now,
        }
        for number, one in given.items()
    ]  # fmt: skip
    filed = [{"under": place, "subscription": number} for number, one in given.items() for place in places_of(one)]
    for table, values in ((party, people), (subscription, rows), (subscription_filed, filed)):
        connection.execute(sa.insert(table), values)


def _one(store: Store, what: str, size: int) -> Telling:
    begun = time.perf_counter()
    with store.writing() as connection:
        entry = begin(connection, _NEW, store.now(connection), _BUYERS)
    took = time.perf_counter() - begun
    loop, found = _loop(store)
    assert found == entry.told, (found, entry.told)
    return Telling(what, size, found, took, loop)


def _loop(store: Store) -> tuple[float, int]:
    """What it would take to compare the newest intention with everybody's wishes, without writing anything."""
    with store.reading() as connection:
        row = connection.execute(sa.select(intention).order_by(intention.c.id.desc()).limit(1)).one()
        subject = subject_in_record(connection, row, store.now(connection))
        begun = time.perf_counter()
        query = sa.select(sa.cast(subscription.c.criteria, sa.Text)).where(subscription.c.state == "active")
        found = sum(fits(judge(Criteria.model_validate_json(text), subject)) for (text,) in connection.execute(query))
        return time.perf_counter() - begun, found


def _thousand(store: Store, path: Path) -> Telling:
    read, told, took = read_timeline(path, Limits()), 0, [0.0]
    for announce in (False, False, True):  # the first warms up
        begun = time.perf_counter()
        with store.writing() as connection:
            now = store.now(connection)
            told = take_in(connection, read, now, _BUYERS, source="x", announce=announce).told.matches
            if not announce:
                connection.rollback()
        took.append(time.perf_counter() - begun)
    what = f"a thousand intentions ({took[-2]:.1f} s without telling), beside a loop"
    return Telling(what, FEW, told, took[-1], took[-2] + _loops(store) * 1_000 / _SAMPLE)


def _loops(store: Store) -> float:
    """Seconds of comparing some intentions with everybody's wishes, read once."""
    with store.reading() as connection:
        rows = connection.execute(sa.select(intention).limit(_SAMPLE)).all()
        subjects = [subject_in_record(connection, row, store.now(connection)) for row in rows]
        asked = [
            Criteria.model_validate(one) for one in connection.execute(sa.select(subscription.c.criteria)).scalars()
        ]
    begun = time.perf_counter()
    assert sum(fits(judge(one, subject)) for subject in subjects for one in asked)
    return time.perf_counter() - begun


def rows(folder: Path) -> Iterator[Row]:
    """Telling who subscribes."""
    for one in tellings(folder):
        size = f"{one.subscriptions:,} subscriptions, {one.found:,} matches"
        yield Row(f"telling: {one.what}", size, one.took, "s", "a loop over all", one.beside)
