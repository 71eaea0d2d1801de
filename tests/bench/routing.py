"""How routing grows: quality and time with 400, 10,000 and 100,000 contracts, beside what one would write in an
afternoon: rapidfuzz over titles, and BM25 over titles and descriptions.

The larger registers are an invented county's own, with contracts of other counties around it whose areas are not its
own. Quality is measured on the county's messages about contracts."""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rapidfuzz import fuzz, process

from bench.rows import Row
from knowledge import tables
from knowledge.danger import danger
from knowledge.places import read_places, replace_places
from knowledge.register.contract import Contract
from knowledge.register.finding.enquiring import asks
from knowledge.register.finding.routing import route
from knowledge.register.index import build_index
from knowledge.register.reader import RegisterReader
from knowledge.register.reading.file import read_register
from knowledge.services import catalogue
from knowledge.store import Store, open_store
from knowledge.text import stems
from tests.counties import messages

COUNTIES = Path(__file__).resolve().parents[1] / "data" / "counties"
HOME, AROUND = COUNTIES / "derwentshire", COUNTIES / "fenwold"
SIZES = (400, 10_000, 100_000)
DAY = date(2026, 11, 20)
SAMPLE = 12
"""Messages that rapidfuzz is timed on where the register is large: it takes a second for each."""
Finder = Callable[[str, str], list[str]]


@dataclass(frozen=True)
class Measure:
    """How one way of finding did. Times in milliseconds."""

    way: str
    contracts: int
    first: float
    three: float
    median: float
    within: float


def measures(folder: Path) -> Iterator[Measure]:
    """Every way at every size."""
    wanted = [row for row in messages(HOME) if row["expect"] == "contract"]
    for size in SIZES:
        contracts = county_of(size)
        reader = open_reader(folder / str(size), contracts)
        yield measured("desk", size, wanted, desk_finder(reader))
        yield measured("BM25", size, wanted, bm25_finder(contracts))
        few = wanted if size <= SIZES[0] else wanted[:: len(wanted) // SAMPLE]
        yield measured("rapidfuzz", size, few, fuzzy_finder(contracts))


def measured(way: str, size: int, wanted: Sequence[dict[str, Any]], find: Finder) -> Measure:
    """Runs a finder over the messages."""
    first = three = 0
    took = []
    find("warm up", "")
    for row in wanted:
        right = {reference.strip().casefold() for reference in row["contracts"]}
        started = time.perf_counter()
        found = find(row["text"], row["member_division"] or "")[:3]
        took.append((time.perf_counter() - started) * 1000)
        first += found[:1] != [] and found[0] in right
        three += right <= set(found) if row["match"] == "all" else bool(right & set(found))
    within = sorted(took)[int(0.95 * (len(took) - 1))]
    return Measure(way, size, first / len(wanted), three / len(wanted), statistics.median(took), within)


def county_of(size: int) -> list[Contract]:
    """The county's own contracts, and others' around them: other references, providers and areas."""
    own = list(_contracts(HOME))
    others = list(_contracts(AROUND))
    districts = sorted({place.district for place in read_places(AROUND / "places.csv").places})
    found = own[:size]
    for number in range(max(0, size - len(own))):
        one, copy = others[number % len(others)], number // len(others)
        about = {
            "reference": f"{one.reference}-{copy}", "area": districts[number % len(districts)],
            "supplier": f"{one.supplier} {copy}", "title": f"{one.title} {copy}",
        }  # fmt: skip
        found.append(one.model_copy(update=about))
    return found


def _contracts(folder: Path) -> Iterator[Contract]:
    for taken in read_register(folder / "register.csv").contracts.values():
        yield taken.contract


def open_reader(home: Path, contracts: Sequence[Contract]) -> RegisterReader:
    """A record and an index with these contracts and the county's places."""
    home.mkdir(parents=True)
    store, _ = open_store(f"sqlite:///{home / 'record.db'}")
    _fill(store, contracts)
    with store.writing() as connection:
        found = read_places(HOME / "places.csv")
        found.places += [place for place in read_places(AROUND / "places.csv").places if "unitary" not in place.kind]
        replace_places(connection, found, "places.csv", datetime.now(UTC))
    build_index(store, catalogue(), home / "index.db")
    store.close()
    return RegisterReader(home / "index.db")


def _fill(store: Store, contracts: Sequence[Contract]) -> None:
    now = datetime.now(UTC)
    rows = [
        {"key": one.key, "about": one.model_dump(mode="json", exclude_defaults=True), "corrected": {}, "source": "",
         "line": 0, "imported_at": now}
        for one in contracts
    ]  # fmt: skip
    with store.writing() as connection:
        for start in range(0, len(rows), 1_000):
            connection.execute(sa.insert(tables.contract), rows[start : start + 1_000])


def desk_finder(reader: RegisterReader) -> Finder:
    """The desk's own way."""

    def find(text: str, division: str) -> list[str]:
        routed = route(text, division, reader, DAY, asks=asks, at_risk=lambda said: getattr(danger(said), "reason", ""))
        return [one.row.key for one in routed.contracts[:3]]

    return find


def bm25_finder(contracts: Sequence[Contract]) -> Finder:
    """FTS5's bm25 over titles and descriptions: the message's words, any of them."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE found USING fts5(body)")
    database.executemany(
        "INSERT INTO found (rowid, body) VALUES (?, ?)",
        ((at, " ".join(stems(f"{one.title} {one.description}"))) for at, one in enumerate(contracts)),
    )

    def find(text: str, division: str) -> list[str]:
        query = " OR ".join(f'"{stem}"' for stem in dict.fromkeys(stems(text)))
        sql = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found) LIMIT 3"
        return [contracts[row[0]].key for row in database.execute(sql, [query])] if query else []

    return find


def fuzzy_finder(contracts: Sequence[Contract]) -> Finder:
    """rapidfuzz over titles."""
    titles = [one.title for one in contracts]

    def find(text: str, division: str) -> list[str]:
        found = process.extract(text, titles, scorer=fuzz.WRatio, limit=3)
        return [contracts[at].key for _, _, at in found]

    return find


def rows(folder: Path) -> Iterator[Row]:
    """Finding the contract a message is about, at three sizes, beside plain ways."""
    found: list[Measure] = list(measures(folder))
    ours = {one.contracts: one for one in found if one.way == "desk"}
    for one in found:
        if one.way != "desk":
            mine, size = ours[one.contracts], f"{one.contracts:,} contracts"
            yield Row("finding the contract, median", size, mine.median, "ms", one.way, one.median)
            yield Row("finding the contract, right first", size, mine.first, "", one.way, one.first)
            yield Row("finding the contract, right in three", size, mine.three, "", one.way, one.three)
