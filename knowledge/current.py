"""The index to search now: opened once, opened again when what it is built from has moved on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from knowledge.indexfile import stamp_of

Opened = TypeVar("Opened")
REST = 30.0
"""Seconds after a build that failed until the next."""


def untold(reference: str, error: Exception) -> None:
    """Where nobody wants to hear of what goes wrong."""


class Current(Generic[Opened]):
    """Hands out an index. The first call builds it where it must; later ones answer from the old index while the new
    one is built beside it, so that nobody waits. `wanted`: the stamp of an index built now."""

    def __init__(
        self,
        path: Path,
        wanted: Callable[[], str],
        build: Callable[[], None],
        opened: Callable[[], Opened],
        on_error: Callable[[str, Exception], None] = untold,
    ) -> None:
        """`on_error`: is told what a build beside the old index met."""
        self._path, self._wanted, self._build, self._opened = path, wanted, build, opened
        self._on_error, self._rest_until = on_error, 0.0
        self._lock = threading.Lock()
        self._index: Opened | None = None
        self._stamp = ""
        self._building: threading.Thread | None = None

    def get(self) -> Opened:
        """The index, at most one edition behind for as long as a build takes."""
        wanted = self._wanted()
        with self._lock:
            if self._index is None:
                if stamp_of(self._path) != wanted:
                    self._build()
                self._open()
            elif self._stamp != wanted:
                if stamp_of(self._path) not in ("", self._stamp):  # a damaged file is made anew below, not opened
                    self._open()
                if self._stamp != wanted and self._may_build():
                    self._building = threading.Thread(target=self._rebuild, name="index", daemon=True)
                    self._building.start()
            assert self._index is not None  # noqa: S101 - opened above
            return self._index

    def settle(self, patience: float) -> None:
        """Waits until what has changed can be found, at most so many seconds."""
        for _ in range(2):  # a build that was under way when it changed is followed by another
            self.get()
            if self._building:
                self._building.join(patience / 2)

    def _open(self) -> None:
        self._stamp = stamp_of(self._path)
        self._index = self._opened()

    def _may_build(self) -> bool:
        under_way = self._building is not None and self._building.is_alive()
        return not under_way and time.monotonic() >= self._rest_until

    def _rebuild(self) -> None:
        """The old index serves where this fails, for the disk is full perhaps; not every question is to try again."""
        try:
            self._build()
            with self._lock:
                self._open()
        except Exception as error:
            self._rest_until = time.monotonic() + REST
            self._on_error("index", error)
