"""Urgent notifications, tried at once by the process that wrote them. What it does not manage, a worker does."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from bot.channels import Channel, lanes_of
from bot.channels.lane import Lane
from bot.channels.settling import Duties
from bot.logs import log, where_of
from knowledge.store import Store


class Courier:
    """Sends urgent notifications from a process that has other things to do."""

    def __init__(self, store: Store, channels: Mapping[str, Channel], duties: Duties) -> None:
        self._lanes = [
            Lane(store, name, channel, duties, urgent=True)
            for name, channel in channels.items()
            if lanes_of(name, True)
        ]
        self._wanted: set[str] = set()
        self._running: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def kick(self) -> None:
        """Something urgent was just committed: sends what is urgent and due, by a short-lived thread a channel.
        Returns at once."""
        with self._lock:
            for lane in self._lanes:
                self._wanted.add(lane.name)
                if lane.name not in self._running:
                    thread = threading.Thread(target=self._run, args=(lane,), name=f"courier-{lane.name}", daemon=True)
                    self._running[lane.name] = thread
                    thread.start()

    def wait(self, seconds: float = 10.0) -> None:
        """Waits until what it was kicked for is done."""
        for thread in tuple(self._running.values()):
            thread.join(seconds)

    def stop(self, seconds: float = 15.0) -> None:
        """Ends when what is in hand is sent; the rest is left to a worker. Waits for that, so many seconds at most."""
        self._stopping.set()
        self.wait(seconds)

    def _run(self, lane: Lane) -> None:
        while self._is_wanted(lane.name):
            try:
                while not self._stopping.is_set() and lane.one():
                    """One after the other."""
            except Exception as error:  # a worker takes it up
                log.warning("courier", surface=lane.name, error=type(error).__name__, where=where_of(error))

    def _is_wanted(self, name: str) -> bool:
        """Whether there was a kick since the last look; otherwise the thread ends, and the next kick starts another."""
        with self._lock:
            if name in self._wanted:
                self._wanted.discard(name)
                return True
            del self._running[name]
            return False
