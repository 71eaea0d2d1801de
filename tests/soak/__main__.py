"""`python -m tests.soak --seconds N`: two webs, four workers and two indexers on one PostgreSQL, under load, killed at
random. At the end every promise is checked. Exit code 1 where one is broken, and then the logs are kept."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import argparse
import random
import shutil
import tempfile

from rich.console import Console
from rich.table import Table

from tests.soak.promises import Promise
from tests.soak.run import Soak


def main() -> None:
    """Runs it, and says what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0, help="how long the load and the killing last")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="what is killed, and when")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--indexers", type=int, default=2)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; else a server is started for it")
    given = parser.parse_args()
    console = Console(stderr=False, highlight=False)
    folder = Path(tempfile.mkdtemp(prefix="desk-soak-"))
    console.print(f"seed {given.seed}, {given.seconds:g} seconds; logs in {folder}")
    soak = Soak(folder, given.seed, given.seconds, given.workers, given.indexers, given.url, console.print)
    found = soak.run()
    console.print(table_of(found))
    broken = [one for one in found if one.broken]
    for one in broken:
        console.print(f"[bold]{one.name}[/]")
        for line in one.broken[:12]:
            console.print(f"  {line}", markup=False)
    if broken:
        console.print(f"{len(broken)} promises broken. Seed {given.seed}; the logs are in {folder}")
        sys.exit(1)
    shutil.rmtree(folder, ignore_errors=True)
    console.print("Every promise was kept.")


def table_of(found: list[Promise]) -> Table:
    """What was looked at, and how much of it is broken."""
    table = Table(box=None)
    for name in ("promise", "looked at", "broken", ""):
        table.add_column(name, justify="right" if name in ("looked at", "broken") else "left")
    for one in found:
        table.add_row(one.name, f"{one.looked_at:,}", str(len(one.broken)) if one.broken else "-", one.said)
    return table


if __name__ == "__main__":
    main()
