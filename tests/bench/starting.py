"""How long each process of the desk takes to its first answer, and what memory it then has, beside a bare Python that
imports Flask and answers once."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import cast
from fake_slack import until
from processes import ROOT, answers, child_environment, free_port, start_desk, stopped

from bench.rows import Row

_REPEATS = 3
_BARE = "bare Python with Flask"
_FLASK = """
import flask, re
app = flask.Flask("x")
app.add_url_rule("/", view_func=lambda: "x")
assert app.test_client().get("/").status_code == 200
print(int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024)
"""


def rows(folder: Path) -> Iterator[Row]:
    """`desk ask`, `desk work` and `desk serve` on the sample council, with one web process."""
    home = folder / "desk"
    cast.make_home(home)
    took, memory = _bare()
    yield from _ask(home, took, memory)
    for name, kind, arguments in (("desk work", "work", ["work"]), ("desk serve, one process", "web", ["serve"])):
        found = [_served(home, kind, arguments) for _ in range(_REPEATS)]
        started, size = statistics.median(one[0] for one in found), statistics.median(one[1] for one in found)
        yield Row(f"{name}: to the first answer", "sample council", started, "s", _BARE, took)
        yield Row(f"{name}: resident memory", "sample council", size, "MB", _BARE, memory)


def _bare() -> tuple[float, float]:
    """Seconds and megabytes."""
    found = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", _FLASK], capture_output=True, check=True, text=True)
        found.append((time.perf_counter() - began, float(done.stdout)))
    return statistics.median(one[0] for one in found), statistics.median(one[1] for one in found)


def _ask(home: Path, took: float, memory: float) -> Iterator[Row]:
    said = f"{sys.executable} -m bot ask 'what does the framework say about social value'"
    code = (
        f"import os, resource; os.system({said!r}); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss/1024)"
    )
    found = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, env=child_environment(home), cwd=ROOT, capture_output=True, check=True, text=True
        )
        found.append((time.perf_counter() - began, float(done.stdout.split()[-1])))
    started, size = statistics.median(one[0] for one in found), statistics.median(one[1] for one in found)
    yield Row("desk ask: to the answer, and out", "sample council", started, "s", _BARE, took)
    yield Row("desk ask: most memory", "sample council", size, "MB", _BARE, memory)


def _served(home: Path, kind: str, arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds to the first answer, or the first heartbeat; megabytes of the process that answers."""
    port = free_port()
    given = [*arguments, "--port", str(port)] if kind == "web" else list(arguments)
    began = time.perf_counter()
    child = start_desk(home.parent / f"{kind}.log", child_environment(home, DESK_WEB_WORKERS="1"), *given)
    try:
        log = home.parent / f"{kind}.log"
        before = log.read_text().count('"started"')
        ready = (lambda: answers(f"http://127.0.0.1:{port}/readyz")) if kind == "web" else (
            lambda: log.read_text().count('"started"') > before)  # fmt: skip
        until(ready, f"desk {kind}", 60)
        took = time.perf_counter() - began
        return took, _memory(_last_child(child.pid))
    finally:
        stopped(child)


def _last_child(pid: int) -> int:
    """The process that answers: gunicorn is a child of `desk serve`, and its worker a child of gunicorn."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _last_child(int(below[0])) if below else pid


def _memory(pid: int) -> float:
    """Megabytes resident."""
    with suppress(OSError):
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0
    return 0.0
