"""Killed at any moment, an import and the worker after it lose no match, tell nobody twice, and leave nothing public
untold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mail import MailServer
from processes import ROOT
from subscribing import CHARITY, FIRM

STEP = os.environ.get("TEST_SWEEP_STEP", "8")
"""While it sends, every so-many-th point. Of the import every point, but on PostgreSQL, where each takes a database of
its own, every third; all with 1."""
IMPORT_STEPS = {"sqlite": 1, "postgresql": 1 if STEP == "1" else 3}
WEEKLY = "weekly@example.org"
VERSIONS = [[1, 1], [1, 2], [2, 1], [2, 2], [3, 1], [4, 1]]
MATCHES = [
    [1, 1, 1, "new"], [1, 1, 4, "new"], [1, 2, 1, "changed"], [1, 2, 4, "changed"], [2, 1, 2, "new"],
    [2, 1, 3, "new"], [2, 1, 4, "new"], [2, 2, 2, "changed"], [2, 2, 3, "changed"], [2, 2, 4, "changed"],
    [3, 1, 1, "new"], [3, 1, 4, "new"], [4, 1, 1, "new"], [4, 1, 2, "new"], [4, 1, 3, "new"], [4, 1, 4, "new"],
]  # fmt: skip
AT_ONCE = [(CHARITY, "1:2"), (FIRM, "2:2"), (CHARITY, "2:2"), (CHARITY, "3:1"), (FIRM, "4:1"), (CHARITY, "4:1")]
GATHERING = [(WEEKLY, subject) for subject in ("1:2", "2:2", "3:1", "4:1")]


def sweep(folder: Path, *more: object) -> tuple[list[dict[str, Any]], list[str]]:
    """Every run, and the ids of what arrived."""
    with MailServer() as server:
        done = subprocess.run(
            [sys.executable, ROOT / "tests" / "telling_sweep.py", folder, str(server.port), STEP, *map(str, more)],
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}, cwd=folder, capture_output=True, text=True,
            timeout=600,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], server.ids


def owed(state: str) -> list[list[str]]:
    """What is owed in the end. `state`: of what goes out at once."""
    kept = [[f"intention:{subject}", who, "gathering"] for who, subject in GATHERING]
    return sorted([*kept, *([f"intention:{subject}", who, state] for who, subject in AT_ONCE)])


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_process_killed_while_it_imports_or_sends_loses_no_match_and_tells_nobody_twice(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    step = IMPORT_STEPS[engine]
    server = [request.getfixturevalue("postgres")] if engine == "postgresql" else []
    runs, arrived = sweep(tmp_path, step, *server)
    died_importing = [run for run in runs if not run["imported"]]
    assert len(died_importing) >= 28 // step, "it dies before every statement that writes"
    assert runs[-1]["killed"] is False
    for run in runs:
        assert (run["versions"], run["matches"]) == (VERSIONS, MATCHES), run
        assert run["owed"] == owed("sent" if run["imported"] else "waiting"), run
        assert len({subject for subject, _ in run["words"]}) == len(run["words"]), "the same words for all"
    sent = {id for run in runs for id, state in run["ids"].items() if state == "sent"}
    assert set(arrived) == sent, "a repeat has the id it had"
    sending = len(runs) - len(died_importing)
    assert len(sent) <= len(arrived) < len(sent) + sending, "only what was in flight is repeated"
