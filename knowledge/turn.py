"""Whose turn it is to write to a SQLite record, among the threads of a process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from knowledge.away import Away


class Turn:
    """One thread at a time. Nobody waits longer than for the record itself: eight
    that waited one after another would wait eight times as long."""

    def __init__(self, patience: float) -> None:
        self._lock, self._patience = threading.Lock(), patience

    @contextmanager
    def taken(self, wanted: bool) -> Iterator[None]:
        """Holds the turn, where there are turns. Raises Away."""
        if not wanted:
            yield
            return
        if not self._lock.acquire(timeout=self._patience):
            raise Away("busy")
        try:
            yield
        finally:
            self._lock.release()
