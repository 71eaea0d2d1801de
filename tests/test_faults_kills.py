"""Killed at any moment of any journey, the desk has done a thing or not, never half of it; whoever does it again does
it once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from fault_sweep import JOURNEYS
from processes import ROOT

ALL = os.environ.get("TEST_SWEEP_STEP") == "1"
POINTS = "0" if ALL else "1"
"""How many points of each journey; 0 for all of them (an hour or more)."""
WANTED = list(JOURNEYS) if ALL else list(JOURNEYS)[2::4]


def test_a_process_killed_in_any_journey_has_done_it_or_not_and_the_next_does_it_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "fault_sweep.py", tmp_path, POINTS, *WANTED],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}, cwd=tmp_path, capture_output=True, text=True,
        timeout=3_600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in done.stdout.splitlines():
        runs[json.loads(line)["journey"]].append(json.loads(line))
    assert set(runs) == set(WANTED)
    for name, (whole, *killed) in runs.items():
        assert killed, name
        assert whole["points"] >= 3, f"{name} writes"
        for run in killed:
            assert run["killed"], (name, run)
            check(name, whole, run)


def check(name: str, whole: dict[str, Any], run: dict[str, Any]) -> None:
    """One death: what it left, and what came of it in the end."""
    told = (name, run["point"], run["left"], run["after"])
    assert run["left"]["sound"] == "ok", told
    assert run["left"]["index"] in (whole["before"]["index"], whole["after"]["index"]), told
    if not run["steps"]:
        assert run["left"]["rows"] in (whole["before"]["rows"], whole["after"]["rows"]), told
    assert run["after"] == whole["after"], told
