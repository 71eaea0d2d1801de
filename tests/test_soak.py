"""The soak for some seconds: several processes on one PostgreSQL, killed under load, and every promise checked.
`make soak` does it with more of them, for five minutes."""

from __future__ import annotations

import os
import subprocess
import sys

from processes import ROOT

SECONDS = os.environ.get("TEST_SOAK_SECONDS", "8")
SEED = os.environ.get("TEST_SOAK_SEED", "9")


def test_of_processes_that_are_killed_under_load_every_promise_is_kept(postgres: str, tmp_path: object) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.soak", "--seconds", SECONDS, "--seed", SEED, "--workers", "2",
         "--indexers", "1"],
        cwd=ROOT, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Every promise was kept." in done.stdout
