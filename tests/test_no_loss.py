"""Killed at any moment the desk loses nothing it acknowledged, does nothing twice, and repeats under the same id."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from mail import MailServer
from processes import ROOT

STEP = os.environ.get("TEST_SWEEP_STEP", "8")
"""Every so-many-th point; 1 for all of them (two or three minutes)."""


def test_a_process_killed_at_any_point_loses_nothing(tmp_path: Path) -> None:
    with MailServer() as server:
        done = subprocess.run(
            [sys.executable, ROOT / "tests" / "sweep.py", tmp_path, str(server.port), STEP],
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}, cwd=tmp_path, capture_output=True, text=True,
            timeout=600,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        runs = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        arrived = server.ids
    assert sum(run["killed"] for run in runs) >= 200 // int(STEP), "the sweep dies at every point there is"
    assert runs[-1]["killed"] is False
    for run in runs:
        assert run["concerns"] == 1, run
        assert run["events"] == ["raise", "acknowledge", "ask_provider"], run
        assert (run["acknowledged"], run["open"]) == (["press-1", "press-2", "press-3"], 0), run
        assert run["notifications"] == [
            ["news", "sent"], ["news", "sent"], ["provider_asked", "sent"], ["raised", "sent"],
        ], run  # fmt: skip
        assert [kind for id, kind in run["ids"].items() if id not in arrived] == [], run
    owed = {id for run in runs for id in run["ids"]}
    assert set(arrived) == owed, "a repeat has the id it had"
    assert len(owed) <= len(arrived) < len(owed) + len(runs), "only what was in flight is repeated"
