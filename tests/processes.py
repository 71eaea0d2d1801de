"""Child processes of tests: a desk of its own on a free port, ended by its own handle and nothing else."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import cast

ROOT = Path(__file__).resolve().parents[1]
PORTS_EACH = 2_000
_ports = itertools.count(random.randrange(PORTS_EACH))  # not all from the first: somebody may run the tests beside us
_NOT_HANDED_ON = (
    "DESK_", "SLACK_", "DATABASE_URL", "PORT", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy",
    "PYTHONDONTWRITEBYTECODE",  # each of hundreds of children would compile the whole desk
)  # fmt: skip


def free_port() -> int:
    """A port nobody listens on, none given twice. It is not one the system gives out, nor one that a neighbour of this
    process is given: between this and the moment its server listens, somebody else would have it."""
    while True:
        port = _lowest_port() + next(_ports) % PORTS_EACH
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _lowest_port() -> int:
    """Each process of the tests has a stretch of its own, below those that Linux and macOS give out."""
    return 20_000 + PORTS_EACH * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 6)


def child_environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a desk: this checkout's code, this home, no setting of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_HANDED_ON)}
    return {**kept, "PYTHONPATH": str(ROOT), **cast.environment(home, **more)}


def start_desk(log: Path, environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    """A `desk` that runs until it is stopped; what it says goes to a file."""
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments], env=environment, cwd=log.parent, stdout=out, stderr=out,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip


def run_desk(
    environment: dict[str, str], *arguments: str, cwd: Path, given: str | bytes = b"", prefix: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """A `desk` that ends by itself: forked from one that is ready, or where it is called otherwise, or Python is told
    something, started anew."""
    raw = given.encode() if isinstance(given, str) else given
    if not prefix and _speaks_alike(environment):
        return _forked(environment, arguments, cwd, raw)
    command = list(prefix) or [sys.executable, "-m", "bot"]
    done = subprocess.run([*command, *arguments], env=environment, cwd=cwd, input=raw, capture_output=True, timeout=60)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def _speaks_alike(environment: dict[str, str]) -> bool:
    """Whether an interpreter started in this environment would be set up as the ready one is."""

    def told(given: Mapping[str, str]) -> dict[str, str]:
        return {name: value for name, value in given.items() if name.startswith(("PYTHON", "LC_", "LANG"))}

    return told(environment) == told(_ready_environment())


def _ready_environment() -> dict[str, str]:
    return {**child_environment(ROOT), "PYTHONPATH": str(ROOT)}


@cache
def _ready() -> subprocess.Popen[bytes]:
    """The desk that forks; it ends when this process does."""
    ready = subprocess.Popen(
        [sys.executable, ROOT / "tests" / "forking.py"], env=_ready_environment(), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert ready.stdout
    assert ready.stdout.readline() == b"ready\n"
    return ready


def _forked(
    environment: dict[str, str], arguments: Sequence[str], cwd: Path, given: bytes
) -> subprocess.CompletedProcess[str]:
    with TemporaryDirectory(prefix="desk-forked-") as name:
        folder = Path(name)
        (folder / "given").write_bytes(given)
        request = {"arguments": arguments, "environment": environment, "cwd": str(cwd), "folder": name}
        to = _ready().stdin
        assert to
        to.write(json.dumps(request).encode() + b"\n")
        to.flush()
        code = _code_in(folder)
        out, err = ((folder / part).read_bytes().decode() for part in ("out", "err"))
        return subprocess.CompletedProcess(["desk", *arguments], code, out, err)


def _code_in(folder: Path) -> int:
    """How the command ended. Raises TimeoutExpired after a minute, and ends it."""
    end = time.monotonic() + 60
    while not (folder / "code").exists():
        if time.monotonic() > end:
            os.kill(int((folder / "pid").read_text()), signal.SIGKILL)
            raise subprocess.TimeoutExpired("desk", 60)
        time.sleep(0.004)
    return int((folder / "code").read_text())


def stopped(child: subprocess.Popen[bytes], sign: int = signal.SIGTERM) -> int:
    """Ends a child, and gives its exit code."""
    if child.poll() is None:
        child.send_signal(sign)
    try:
        return child.wait(timeout=30)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        raise


def while_alive(
    children: Sequence[subprocess.Popen[bytes]], true: Callable[[], object], what: str, seconds: float = 120.0
) -> None:
    """Waits for something that processes do: long, for the machine may be busy, and no longer once one has ended."""
    end = time.monotonic() + seconds
    while not true():
        assert all(child.poll() is None for child in children), f"one has ended before: {what}"
        assert time.monotonic() < end, f"did not come to pass: {what}"
        time.sleep(0.01)


def answers(url: str) -> bool:
    """Whether somebody answers there with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
