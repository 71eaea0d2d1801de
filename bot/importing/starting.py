"""Starts the process that reads a file, and notes where it did not come to an end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.logs import log
from bot.settings import Settings, variable
from handlers.desk import utc_now
from knowledge.takings.jobs import Job, State
from knowledge.takings.staging import Staging

PATIENCE = timedelta(minutes=15)
"""How long a file may take, all told: a timeline of a hundred thousand notices takes minutes."""
KILLED = "It took more time or memory than is allowed, or broke the reader."


def start(settings: Settings, job: Job) -> threading.Thread:
    """Has a job that is written down done by a process of its own. Gives the thread that waits for it."""
    thread = threading.Thread(target=_run, args=(settings, job), name=f"import-{job.id[:6]}", daemon=True)
    thread.start()
    return thread


def stuck(job: Job) -> bool:
    """Whether a job was given up: whoever waited for its process is no more."""
    return job.working and utc_now() > job.since + PATIENCE + timedelta(minutes=1)


def give_up(staging: Staging, job: Job, reason: str = KILLED) -> Job:
    """Notes that a job did not come to an end."""
    staging.let_go(job.id)
    return staging.write(job.model_copy(update={"state": State.FAILED, "reason": reason}))


def _run(settings: Settings, job: Job) -> None:
    command = [sys.executable, "-m", "bot.importing", job.id]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and a name of our own
            command, env=_environment(settings), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            timeout=PATIENCE.total_seconds(), check=False,
        )  # fmt: skip
        code = done.returncode
    except subprocess.TimeoutExpired:
        code = -1
    staging = Staging(settings.home)
    left = staging.read(job.id, utc_now())
    if code and left and left.working:
        log.warning("import", kind=job.kind.value, code=code)
        give_up(staging, left)


def _environment(settings: Settings) -> dict[str, str]:
    """The settings as this process has them, wherever they came from."""
    given = {variable(name): _text(getattr(settings, name)) for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in given}
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (root, kept.get("PYTHONPATH", ""))))
    return {**kept, **{name: value for name, value in given.items() if value}, "PYTHONPATH": path}


def _text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value).lower() if isinstance(value, bool) else str(value)
