"""The desk's processes: started, killed, stopped, started again; what each says goes to a file of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from processes import ROOT, answers

from tests.soak.ground import Ground

_PATIENCE = 110.0


@dataclass
class Hand:
    """One process of the desk, with those it starts itself. `kills`: how often it was killed; `codes`: how it ended
    whenever it was told to stop; `fallen`: how, whenever it ended by itself."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: Path
    child: subprocess.Popen[bytes] | None = None
    kills: int = 0
    stops: int = 0
    codes: list[int] = field(default_factory=list)
    fallen: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def log(self) -> Path:
        """What it said."""
        return self.folder / f"{self.name}.log"

    def start(self) -> None:
        """Starts it, in a group of its own so that what it starts can be ended with it."""
        with self.log.open("ab") as out:
            self.child = subprocess.Popen(
                self.command, env=self.environment, cwd=self.folder, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip

    def kill(self, *, alone: bool) -> None:
        """kill -9, of everything or of the first process alone: what that started has to end by itself."""
        assert self.child
        self.kills += 1
        if alone:
            self.child.kill()
            self.child.wait(10)
            self._gone()
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(10)

    def _gone(self, seconds: float = 30.0) -> None:
        """Waits until nothing is left of its group."""
        assert self.child
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                os.killpg(self.child.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.05)
        self.codes.append(-999)  # orphans: what it had started went on without it

    def tell(self) -> None:
        """Tells it to stop."""
        if self.child and self.child.poll() is None:
            self.stops += 1
            self.child.send_signal(signal.SIGTERM)

    def stopped(self) -> int:
        """How it ended, having been told to."""
        assert self.child
        try:
            code = self.child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait(10)
            code = -998
        self.codes.append(code)
        return code


class Crew:
    """All of them."""

    def __init__(self, ground: Ground, workers: int, indexers: int) -> None:
        self.ground = ground
        self.hands = [self._web(number) for number in (0, 1)]
        self.hands += [self._hand(f"worker{n}", f"machine{n % 2}", "-m", "tests.soak.worker") for n in range(workers)]
        self.hands += [
            self._hand(f"indexer{n}", f"machine{n % 2}", "-m", "tests.soak.indexer", str(n)) for n in range(indexers)
        ]

    def _web(self, number: int) -> Hand:
        port = str(self.ground.ports[number])
        return self._hand(f"web{number}", f"machine{number}", "-m", "bot", "serve", "--port", port)

    def _hand(self, name: str, machine: str, *said: str) -> Hand:
        environment = self.ground.environment(machine)
        environment["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
        return Hand(name, [sys.executable, *said], environment, self.ground.folder)

    def start(self) -> None:
        """Starts all, and waits until both webs serve."""
        for one in self.hands:
            one.start()
        self.await_webs()

    def await_webs(self, seconds: float = 90.0) -> None:
        """Waits until both webs are ready."""
        end = time.monotonic() + seconds
        while not all(answers(f"{web}/readyz") for web in self.ground.webs):
            if time.monotonic() > end:
                raise TimeoutError("a web did not come up; see its log")
            time.sleep(0.1)

    def watch(self, over: threading.Event) -> None:
        """Starts again whoever ends by itself, as a supervisor does, until it is over."""
        while not over.wait(0.3):
            for one in self.hands:
                if one.child and one.child.poll() is not None and one.lock.acquire(blocking=False):
                    try:
                        if one.child.poll() is not None:
                            one.fallen.append(one.child.returncode)
                            one.start()
                    finally:
                        one.lock.release()

    def stop(self) -> None:
        """Tells all to stop, and waits."""
        for one in self.hands:
            one.tell()
        for one in self.hands:
            one.stopped()

    def kill(self) -> None:
        """Ends what is left, however it ends."""
        for one in self.hands:
            if one.child:
                with suppress(ProcessLookupError):
                    os.killpg(one.child.pid, signal.SIGKILL)

    @property
    def kills(self) -> int:
        """How many were killed."""
        return sum(one.kills for one in self.hands)
