"""`python -m tests.bench [NAME...]`: how fast the desk is, beside what people would use instead, all within one run.

Each measure is a module with `rows(folder)`, which gives rows as it goes. Together they are one table, which is printed
and kept: .bench/latest.json, and .bench/latest.md to put into the README from a quiet machine.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from bench.rows import Row, as_markdown, draw  # noqa: E402 - the tests' own modules are found from there

MEASURES = (
    "answering", "searching", "routing", "raising", "timeline", "subscriptions", "reports", "sending", "events",
    "starting", "growth",
)  # fmt: skip


def main(names: list[str]) -> int:
    """Takes these measures, all without a name. One that fails is said, and the others are taken all the same."""
    unknown = sorted(set(names) - set(MEASURES))
    if unknown:
        print(f"bench: no measure called {', '.join(unknown)}; there are {', '.join(MEASURES)}", file=sys.stderr)
        return 2
    machine, found, failed = _machine(), [], []
    for name in names or MEASURES:
        try:
            found += _measured(name)
        except Exception as error:
            failed.append(name)
            print(f"bench: {name} failed: {type(error).__name__}: {error}", file=sys.stderr)
        _keep(machine, found)
    draw(found, title=machine)
    return 1 if failed else 0


def _measured(name: str) -> list[Row]:
    """One measure's rows, each said as it comes."""
    began, found = time.monotonic(), []
    print(f"bench: {name} ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix=f"desk-bench-{name}-") as folder:
        for row in import_module(f"bench.{name}").rows(Path(folder)):
            found.append(row)
            print(f"bench: {name}: {row}", file=sys.stderr, flush=True)
    print(f"bench: {name} took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return found


def _keep(machine: str, found: list[Row]) -> None:
    kept = ROOT / ".bench"
    kept.mkdir(exist_ok=True)
    table: dict[str, Any] = {"machine": machine, "commit": _commit(), "rows": [row.as_json() for row in found]}
    (kept / "latest.json").write_text(json.dumps(table, indent=1), encoding="utf-8")
    (kept / "latest.md").write_text(as_markdown(found, machine), encoding="utf-8")


def _machine() -> str:
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = platform.python_version()
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, Python {python}"


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
