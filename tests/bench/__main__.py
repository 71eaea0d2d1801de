"""`python -m tests.bench`: how fast the desk answers, cold and warm, beside plain full-text search."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.settings import load_settings
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message
from knowledge.documents.importing import index_documents
from knowledge.documents.index import build_index
from knowledge.models import Role
from knowledge.pack import open_pack
from tests.bench import routing

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TEST_SHARED", ROOT.parent / "shared"))
REPEATS = 7


def main() -> None:
    """Runs every measure on the sample council, and on the real papers where they are at hand."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        sample = open_pack("sample")
        asks = [ask for entry in sample.digest for ask in entry.asks]
        rows += _council("sample council", "sample", sample.folder / "documents", Path(folder) / "sample", asks[:400])
        if (SHARED / "documents").is_dir():
            questions = [
                json.loads(line)["question"] for line in (SHARED / "eval/dev_questions.jsonl").open(encoding="utf-8")
            ]
            rows += _council("five real papers", "kent", SHARED / "documents", Path(folder) / "kent", questions)
        _report(rows)
        _report_routing(Path(folder))
        _report_raising(Path(folder))
        _report_timeline(Path(folder))
        _report_subscriptions(Path(folder))
        _report_reports(Path(folder))


def _report_reports(folder: Path) -> None:
    """A committee's report over very many concerns."""
    sys.path.insert(0, str(ROOT / "tests"))
    from bench import reports

    table = Table(
        "engine", "concerns", "seconds", "reading their dates", "ratio", title="A committee's report, as a page"
    )
    for one in reports.reportings(folder / "reports"):
        times = (f"{one.took:.2f}", f"{one.beside:.3f}", f"{one.took / one.beside:.0f} x")
        table.add_row(one.engine, f"{one.concerns:,}", *times)
    Console().print(table)


def _report_subscriptions(folder: Path) -> None:
    """Telling who subscribes."""
    sys.path.insert(0, str(ROOT / "tests"))
    from bench import subscriptions

    table = Table("what", "subscriptions", "matches", "seconds", "beside", "ratio", title="Telling who subscribes")
    for one in subscriptions.tellings(folder):
        times = (f"{one.took:.2f}", f"{one.beside:.2f}", f"{one.took / one.beside:.2f} x")
        table.add_row(one.what, f"{one.subscriptions:,}", f"{one.found:,}", *times)
    Console(width=130).print(table)


def _report_timeline(folder: Path) -> None:
    """Taking intentions in, and the pages at ten thousand of them."""
    sys.path.insert(0, str(ROOT / "tests"))
    from bench import timeline

    taken = Table("file", "rows", "rows a second", "again", "sqlite-utils", "ratio", title="Taking the timeline in")
    for one in timeline.imports(folder, SHARED / "data/notices/contractsfinder_search_export_2020-10.csv"):
        rates = (one.rows / took for took in (one.first, one.again, one.plain))
        taken.add_row(one.file, f"{one.rows:,}", *(f"{rate:,.0f}" for rate in rates), f"{one.first / one.plain:.0f} x")
    Console().print(taken)
    pages = Table("page", "bytes", "median ms", "a sign of life", title=f"Pages at {timeline.MANY:,} intentions")
    for page in timeline.pages(folder):
        pages.add_row(page.path, f"{page.size:,}", f"{page.median:.0f}", f"{page.ratio:.0f} x")
    Console().print(pages)


def _report_raising(folder: Path) -> None:
    """200 concerns raised at 20 a second over HTTP, everything delivered twice."""
    sys.path.insert(0, str(ROOT / "tests"))
    from bench.raising import raise_many

    raised = raise_many(folder / "raising")
    table = Table("what", "", title="Concerns raised over HTTP at 20 a second, each delivery sent twice")
    table.add_row("raised, of those written", f"{raised.concerns} of {raised.asked}")
    table.add_row("deliveries, not acknowledged", f"{len(raised.waits)}, {raised.failed}")
    for percent in (50, 99):
        wait = raised.within(percent)
        table.add_row(f"acknowledged, {percent} % within", f"{wait:.0f} ms, {wait / raised.bare:.0f} x a sign of life")
    Console().print(table)


def _report_routing(folder: Path) -> None:
    """Finding the contract, at three sizes, beside plain ways."""
    table = Table(
        "contracts", "way", "first", "in three", "median ms", "95 % within", title="The contract a message is about"
    )
    for found in routing.measures(folder / "routing"):
        table.add_row(
            f"{found.contracts:,}", found.way, f"{found.first:.2f}", f"{found.three:.2f}", f"{found.median:.1f}",
            f"{found.within:.1f}",
        )  # fmt: skip
    Console().print(table)


def _council(name: str, pack: str, papers: Path, home: Path, questions: list[str]) -> list[dict[str, object]]:
    environment = {"DESK_HOME": str(home), "DESK_PACKS": pack}
    wiring = Wiring(load_settings(environment))
    started = time.perf_counter()
    report = index_documents(wiring.store, [papers], wiring.pack, wiring.limits)
    read = time.perf_counter() - started
    started = time.perf_counter()
    build_index(wiring.store, wiring.pack, wiring.settings.index_path)
    built = time.perf_counter() - started
    passages = sum(taken.passages for taken in report.taken)
    ours = _warm(questions, lambda text: handle(Message(text=text, roles=frozenset({Role.OFFICER})), wiring.desk))
    plain = _warm(questions, _plain_search(wiring))
    cold = _cold(environment, questions[0])
    bare = _process([sys.executable, "-c", "import sqlite3"], {})
    return [
        {"what": f"{name}: read {passages} passages", "median_ms": read * 1000, "beside": "", "ratio": None},
        {"what": f"{name}: build the index", "median_ms": built * 1000, "beside": "", "ratio": None},
        _row(
            f"{name}: answer, median of {len(questions)}", statistics.median(ours), "raw FTS5", statistics.median(plain)
        ),
        _row(
            f"{name}: answer, 95 % of {len(questions)} within",
            _percentile(ours, 95),
            "raw FTS5",
            _percentile(plain, 95),
        ),
        _row(f"{name}: desk ask, cold, whole process", cold, "an empty Python", bare),
    ]


def _plain_search(wiring: Wiring) -> Callable[[str], object]:
    """What one would write in an afternoon: the question's words, OR, bm25, the first ten."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE passage_fts USING fts5(head, body)")
    connection.execute("ATTACH ? AS desk", [str(wiring.settings.index_path)])
    connection.execute("INSERT INTO passage_fts (rowid, head, body) SELECT n, head, body FROM desk.passage")

    def search(text: str) -> object:
        words = " OR ".join(f'"{word}"' for word in text.replace('"', " ").split())
        return connection.execute(
            "SELECT rowid FROM passage_fts WHERE passage_fts MATCH ? ORDER BY bm25(passage_fts) LIMIT 10", [words]
        ).fetchall()

    return search


def _warm(questions: list[str], ask: Callable[[str], object]) -> list[float]:
    for text in questions[:20]:
        ask(text)
    times = []
    for text in questions:
        started = time.perf_counter()
        ask(text)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _cold(environment: dict[str, str], question: str) -> float:
    return _process([sys.executable, "-m", "bot", "ask", question], environment)


def _process(command: list[str], environment: dict[str, str]) -> float:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        subprocess.run(command, env={**os.environ, **environment}, cwd=ROOT, check=True, capture_output=True)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[1:])


def _percentile(times: list[float], percent: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


def _row(what: str, ours: float, beside: str, theirs: float) -> dict[str, object]:
    return {"what": what, "median_ms": ours, "beside": f"{beside} {theirs:.1f} ms", "ratio": ours / theirs}


def _report(rows: list[dict[str, object]]) -> None:
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    table = Table("measure", "ms", "beside", "ratio", title=machine, box=None)
    for row in rows:
        ratio = f"{row['ratio']:.1f}" if row["ratio"] else ""
        table.add_row(str(row["what"]), f"{row['median_ms']:.1f}", str(row["beside"]), ratio)
    Console(width=130).print(table)
    kept = ROOT / ".bench"
    kept.mkdir(exist_ok=True)
    (kept / "latest.json").write_text(json.dumps({"machine": machine, "rows": rows}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
