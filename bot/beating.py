"""A process that sends nothing says from time to time that it is alive, so that a person sees when it is not."""

from __future__ import annotations

import atexit
import threading

from bot.channels.settling import process_name
from bot.logs import log
from knowledge.outbox.heartbeats import beat, forget
from knowledge.store import Store

_EVERY = 20.0


class Beating:
    """The heartbeat of one process. `kind`: web or slack."""

    def __init__(self, store: Store, kind: str, every: float = _EVERY) -> None:
        self._store, self._kind, self._every = store, kind, every
        self._name = process_name()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begins, and ends with the process."""
        atexit.register(self.stop)
        self._thread.start()

    def stop(self) -> None:
        """Says that the process stops."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._thread.join(timeout=5)
        try:
            forget(self._store, self._name, self._kind)
        except Exception as error:  # the record is away: it will be forgotten by the others
            log.warning("heartbeat", error=type(error).__name__)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                beat(self._store, self._name, self._kind)
            except Exception as error:  # the record may be away for a minute
                log.warning("heartbeat", error=type(error).__name__)
            self._stopping.wait(self._every)
