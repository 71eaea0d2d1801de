"""How fast the desk answers, cold and warm, beside plain full-text search."""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.rows import Row
from bot.settings import load_settings
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message
from knowledge.documents.importing import index_documents
from knowledge.documents.index import build_index
from knowledge.models import Role
from knowledge.pack import open_pack

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TEST_SHARED", ROOT.parent / "shared"))
REPEATS = 7


def rows(folder: Path) -> Iterator[Row]:
    """On the sample council, and on the real papers where they are at hand."""
    sample = open_pack("sample")
    asks = [ask for entry in sample.digest for ask in entry.asks]
    yield from _council("sample council", "sample", sample.folder / "documents", folder / "sample", asks[:400])
    if (SHARED / "documents").is_dir():
        lines = (SHARED / "eval/dev_questions.jsonl").open(encoding="utf-8")
        questions = [json.loads(line)["question"] for line in lines]
        yield from _council("five real papers", "kent", SHARED / "documents", folder / "kent", questions)


def _council(name: str, pack: str, papers: Path, home: Path, questions: list[str]) -> Iterator[Row]:
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
    median, raw = statistics.median, "raw FTS5"
    yield Row("papers read", f"{name}, {passages:,} passages", read * 1000, "ms")
    yield Row("index of the papers built", f"{name}, {passages:,} passages", built * 1000, "ms")
    size = f"{name}, {len(questions)} questions"
    yield Row("answer, median", size, median(ours), "ms", raw, median(plain))
    yield Row("answer, 99 % within", size, _percentile(ours, 99), "ms", raw, _percentile(plain, 99))
    yield Row("desk ask, cold, whole process", name, cold, "ms", "an empty Python", bare)


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
