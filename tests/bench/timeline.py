"""The timeline: rows a second beside sqlite-utils inserting the same CSV, and the pages at ten thousand intentions."""

from __future__ import annotations

import csv
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cast
from sqlite_utils import Database
from sqlite_utils.utils import Format, rows_from_file

from bench.rows import Row
from bot.wiring import Wiring
from knowledge.services import load_services
from knowledge.timeline.importing import take_in
from knowledge.timeline.reading.file import read_timeline
from webhooks import create_app

SHARED = Path(os.environ.get("TEST_SHARED", Path(__file__).resolve().parents[3] / "shared"))
MANY = 10_000
_REPEATS = 15
_QUARTERS = [f"Q{quarter} {year}/{year % 100 + 1:02}" for year in (2026, 2027, 2028) for quarter in (1, 2, 3, 4)]
_TOWNS = ("Gullhaven", "Saltmere", "Pellingarth", "Thornley", "Wexcombe")


class Import(NamedTuple):
    """One file taken in: rows, and seconds for the desk, for the desk again, and for sqlite-utils' own insert."""

    file: str
    rows: int
    first: float
    again: float
    plain: float


class Page(NamedTuple):
    """One page at ten thousand intentions: its median in milliseconds, and how many times a sign of life that is."""

    path: str
    size: int
    median: float
    ratio: float


def imports(folder: Path, export: Path | None) -> Iterator[Import]:
    """The desk's template with ten thousand invented rows, and the real export where it is at hand."""
    yield _import(template(folder / "template.csv", MANY), folder)
    if export and export.is_file():
        yield _import(export, folder)


def pages(folder: Path) -> Iterator[Page]:
    """The public pages and feeds."""
    wiring = _desk(folder / "pages")
    _take(wiring, template(folder / "template.csv", MANY))
    client = create_app(wiring).test_client()
    bare = _median(lambda: client.get("/healthz").get_data())
    listing = ("/timeline", "/timeline?words=care", "/timeline?words=care&page=5", "/timeline/T-77")
    for path in (*listing, "/timeline.csv", "/timeline.json", "/timeline.atom", "/timeline.ics"):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        size = len(answer.get_data())
        took = _median(lambda path=path: client.get(path).get_data(), 5 if size > 1_000_000 else _REPEATS)  # type: ignore[misc]
        yield Page(path, size, took, took / bare)
    wiring.store.close()


def template(path: Path, count: int) -> Path:
    """A file of invented intentions in the columns of the desk's template."""
    services = load_services()
    head = ["Reference", "Title", "Description", "Directorate", "Stage", "Route", "Value to", "Tender", "Start", "Area"]
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(head)
        for number in range(count):
            service, town = services[number % len(services)], _TOWNS[number % len(_TOWNS)]
            when, later = _QUARTERS[number % 8 + 2], _QUARTERS[number % 8 + 4]
            out.writerow(
                [f"T-{number}", f"{service.name} in {town} {number}", service.why, service.group, "plan", "tender",
                 str(50_000 + number * 17), when, later, town]
            )  # fmt: skip
    return path


def _import(path: Path, folder: Path) -> Import:
    wiring = _desk(folder / f"import-{path.stem}")
    wiring.store.version()
    begun = time.perf_counter()
    rows = _take(wiring, path)
    first = time.perf_counter() - begun
    begun = time.perf_counter()
    _take(wiring, path)
    again = time.perf_counter() - begun
    wiring.store.close()
    return Import(path.name, rows, first, again, _plain(path, folder))


def _plain(path: Path, folder: Path) -> float:
    """Seconds sqlite-utils takes to put the same file into a table as it stands."""
    begun = time.perf_counter()
    database = Database(folder / f"plain-{path.stem}.db")
    with path.open("rb") as stream:
        read, _ = rows_from_file(stream, format=Format.CSV, dialect=csv.excel, encoding="utf-8-sig")
        database.table("rows").insert_all(read)
    database.close()
    return time.perf_counter() - begun


def _take(wiring: Wiring, path: Path) -> int:
    read = read_timeline(path, wiring.limits)
    with wiring.store.writing() as connection:
        return take_in(connection, read, wiring.store.now(connection), wiring.buyers, source=path.name).records


def _desk(home: Path) -> Wiring:
    cast.make_home(home)
    return Wiring(cast.settings(home))


def _median(step: object, repeats: int = _REPEATS) -> float:
    took = []
    for _ in range(repeats):
        begun = time.perf_counter()
        step()  # type: ignore[operator]
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def rows(folder: Path) -> Iterator[Row]:
    """Taking intentions in, and the pages at ten thousand of them."""
    for one in imports(folder, SHARED / "data/notices/contractsfinder_search_export_2020-10.csv"):
        size = f"{one.file}, {one.rows:,} rows"
        yield Row("taking the timeline in", size, one.first, "s", "sqlite-utils' insert", one.plain)
        yield Row("taking the same in again", size, one.again, "s", "sqlite-utils' insert", one.plain)
    for page in pages(folder):
        bare = page.median / page.ratio
        yield Row(f"page {page.path}", f"{MANY:,} intentions, {page.size:,} bytes", page.median, "ms", "/healthz", bare)
