"""Child processes that stand and fall together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

_PARENT_DIES = 1
"""Linux's name for the wish to be sent a signal then (PR_SET_PDEATHSIG)."""
_PATIENCE = 100.0
"""Seconds a child has to end: longer than a worker's lease."""


def run_together(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> int:
    """Runs these commands until one ends or we are told to; then ends the others. Returns the exit code of the one
    that ended first (128 and the signal where one ended it), 0 where we were told to."""
    told: list[int] = []
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda number, frame: told.append(number))
    bound = _bound()
    children = [subprocess.Popen(command, env=dict(environment), preexec_fn=bound) for command in commands]  # noqa: S603
    while not told and all(child.poll() is None for child in children):
        time.sleep(0.1)
    ended = [child.returncode for child in children if child.returncode is not None]
    _end(children)
    codes = [child.returncode for child in children] if told else ended
    code = next((code for code in codes if code not in (0, -signal.SIGTERM, -signal.SIGINT)), 0)
    return code if code >= 0 else 128 - code


def _bound() -> Callable[[], None] | None:
    """What has a child told to stop when this process is killed: it would else go on alone, and hold the port that the
    next one wants. None where the system (no Linux) cannot."""
    if not sys.platform.startswith("linux"):
        return None
    control, parent = ctypes.CDLL(None).prctl, os.getpid()

    def bind() -> None:
        control(_PARENT_DIES, signal.SIGTERM)
        if os.getppid() != parent:  # it died before this was said
            os._exit(128 + signal.SIGTERM)

    return bind


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    end = time.monotonic() + _PATIENCE
    for child in children:
        try:
            child.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
