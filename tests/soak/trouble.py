"""What goes wrong, from a seed: processes killed or told to stop, connections cut, the database started again."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable

from tests.soak.crew import Crew, Hand

_KINDS = {"kill all of it": 5, "kill the first of it": 3, "stop": 3, "cut": 2, "restart": 1}


class Trouble:
    """Makes it. `say`: is told of each; `rough`: whether the database is started again too."""

    def __init__(self, crew: Crew, seed: int, say: Callable[[str], None], *, pause: float, rough: bool) -> None:
        self._crew, self._say, self._pause, self._rough = crew, say, pause, rough
        self._random = random.Random(seed)
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.made: Counter[str] = Counter()
        self._maker = threading.Thread(target=self._make, daemon=True)

    def begin(self) -> None:
        """Begins."""
        self._maker.start()

    def end(self) -> None:
        """Ends, when whatever was killed is up again."""
        self._over.set()
        self._maker.join()
        for thread in self._threads:
            thread.join()

    def _make(self) -> None:
        while not self._over.wait(self._random.uniform(0.3, 1.7) * self._pause):
            kind = self._random.choices(list(_KINDS), list(_KINDS.values()))[0]
            one = self._random.choice(self._crew.hands)
            wait = self._random.uniform(0.1, 1.5)
            if kind == "restart" and not self._rough:
                kind = "cut"
            if kind in ("cut", "restart"):
                self._note(kind, "the database")
                ground = self._crew.ground
                ground.drop_connections() if kind == "cut" else ground.restart_database()
            elif one.lock.acquire(blocking=False):
                self._note(kind, one.name)
                thread = threading.Thread(target=self._harm, args=(one, kind, wait), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _note(self, kind: str, what: str) -> None:
        self.made[kind] += 1
        self._say(f"{kind}: {what}")

    def _harm(self, one: Hand, kind: str, wait: float) -> None:
        """Harms one and starts it again after a while."""
        try:
            if kind == "stop":
                one.tell()
                one.stopped()
            else:
                one.kill(alone=kind == "kill the first of it")
            self._over.wait(wait)
            one.start()
        finally:
            one.lock.release()
