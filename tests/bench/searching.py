"""`python -m tests.bench searching`: how well and how fast passages are found, beside bm25s, rank_bm25, tantivy and raw
FTS5: on the real papers (the sample council's where they are not at hand), and on 10,000, 50,000 and 100,000 passages,
most of them recombined from the papers' sentences: there the time counts, the quality is synthetic. A million with
BENCH_MILLION=1. BENCH_QUESTIONS names another file of questions. Times are the processor's, so that what else the
machine does tells nothing."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.corpus import open_corpus, read_papers
from bench.finders import WAYS, Finder, Way
from bench.rows import Row
from handlers.evaluating import Asked, bare, read_questions

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TEST_SHARED", ROOT.parent / "shared"))
QUESTIONS = Path(os.environ.get("BENCH_QUESTIONS", ROOT / "tests/data/questions/fitting.jsonl"))
SIZES = (0, 10_000, 50_000, 100_000)
MILLION = 1_000_000
_FEW = 100
"""Questions that are asked where there are very many passages."""
_WARM, _TRIES = 20, 3
Figures = dict[str, float]


class LeftOut(Exception):
    """A way that has no figures, and why."""


def rows(folder: Path) -> Iterator[Row]:
    """Every measure at every size, the desk's beside each other way's."""
    papers = folder / "papers.json"
    read_papers(SHARED / "documents", papers)
    for size in (*SIZES, *([MILLION] if os.environ.get("BENCH_MILLION") else [])):
        ours: Figures = {}
        for way in WAYS:
            try:
                theirs = measured(way, size, papers, folder / f"{way.name}-{size}")
            except LeftOut as error:
                if not ours:
                    raise
                yield _left_out(size, ours, f"{way.name}, left out: {error}")
                continue
            ours = ours or theirs
            yield from _rows(size, way, ours, theirs)


def measured(way: Way, size: int, papers: Path, folder: Path) -> Figures:
    """One way's figures at one size: it is built in one process and asked in another."""
    folder.mkdir(parents=True)
    built = _child("build", way, size, papers, folder)
    files = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {**built, "size of the index": files / 1e6, **_child("ask", way, size, papers, folder)}


def _left_out(size: int, ours: Figures, said: str) -> Row:
    """The row that says why another way has no figures."""
    return Row("finding: building the index", _of(size), ours["building the index"], "s", said)


def _of(size: int) -> str:
    return f"{size:,} passages, synthetic" if size else "real papers"


def _rows(size: int, way: Way, ours: Figures, theirs: Figures) -> Iterator[Row]:
    of = _of(size)
    for name, unit in _UNITS.items():
        beside = (way.name, theirs[name]) if theirs is not ours else ("", None)
        yield Row(f"finding: {name}", of, ours[name], unit, *beside)


_UNITS = {
    "hit@1": "", "hit@3": "", "median": "ms", "99 % within": "ms", "building the index": "s",
    "memory while building": "MB", "size of the index": "MB", "memory while asked": "MB",
}  # fmt: skip
"""The figures, and their units."""


def _child(deed: str, way: Way, size: int, papers: Path, folder: Path) -> Figures:
    command = [sys.executable, "-m", "tests.bench.searching", deed, way.name, str(size), str(papers), str(folder)]
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    env, patience = {**os.environ, "PYTHONPATH": path}, way.patience
    try:
        done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, timeout=patience)
    except subprocess.TimeoutExpired:
        raise LeftOut(f"more than {patience:.0f} s to {deed}") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines() or [f"ended with {error.returncode}"]
        raise LeftOut(f"it could not {deed}: {said[-1]}") from None
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def build(way: Way, size: int, papers: Path, folder: Path) -> Figures:
    """Builds, and tells how long that took and how much memory."""
    corpus = open_corpus(papers, size)
    started = time.process_time()
    way.build(corpus, folder)
    took = time.process_time() - started
    return {
        "building the index": took,
        "memory while building": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }


def ask(way: Way, size: int, papers: Path, folder: Path) -> Figures:
    """Asks the questions, and tells how many of those with an answer found it, and how long they took."""
    asked = read_questions(QUESTIONS)[0]
    asked = asked[:: max(1, len(asked) // _FEW)] if size > SIZES[1] else asked
    find = way.open(folder)
    for one in asked[:_WARM]:
        find(one.question)
    took, found = [], []
    for one in asked:
        numbers, best = _timed(find, one.question)
        took.append(best)
        found.append(numbers[:3])
    memory = _resident()
    return {**_hits(asked, found, papers, size), "median": statistics.median(took),
            "99 % within": sorted(took)[int(0.99 * (len(took) - 1))], "memory while asked": memory}  # fmt: skip


def _timed(find: Finder, question: str) -> tuple[list[int], float]:
    """What is found, and in how many milliseconds: the best of some tries."""
    took = []
    for _ in range(_TRIES):
        started = time.process_time()
        numbers = find(question)
        took.append((time.process_time() - started) * 1000)
    return list(numbers), min(took)


def _hits(asked: list[Asked], found: list[list[int]], papers: Path, size: int) -> Figures:
    wanted = {number for numbers in found for number in numbers}
    texts = enumerate(open_corpus(papers, size).texts(), start=1)
    held = {number: bare(text) for number, text in texts if number in wanted}
    right = [
        [any(gold in held[number] for gold in one.right) for number in numbers]
        for one, numbers in zip(asked, found, strict=True)
        if one.gold
    ]
    return {f"hit@{top}": sum(any(one[:top]) for one in right) / len(right) for top in (1, 3)}


def _resident() -> float:
    """The memory this process holds now, in MB; where that cannot be told, the most it has held."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return _most()
    line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1e3


def _most() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main(given: list[Any]) -> None:
    """What a child process does: DEED WAY SIZE PAPERS FOLDER; prints its figures."""
    deed, name, size, papers, folder = given
    way = next(way for way in WAYS if way.name == name)
    print(json.dumps({"build": build, "ask": ask}[deed](way, int(size), Path(papers), Path(folder))))


if __name__ == "__main__":
    main(sys.argv[1:])
