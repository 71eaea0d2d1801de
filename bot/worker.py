"""The worker: the one loop that sends. Any number of them, on any number of machines, share what there is to do.

Each channel has two threads, so that a channel that is slow or dead holds up no other, and one of the two takes nothing
but what is urgent, so that no heap of reminders stands before a warning. Webhooks have more threads and none for what
is urgent.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial

from bot.channels import Channel, lanes_of
from bot.channels.lane import Lane
from bot.channels.settling import Duties, Settler, process_name, tell_nobody
from bot.logs import log, where_of
from bot.wiring import Wiring
from handlers.letters import Letter
from knowledge.outbox.claiming import LEASE
from knowledge.outbox.clocks import Watch
from knowledge.outbox.heartbeats import beat, forget
from knowledge.outbox.owed import Owed

_BEAT = 10.0
_TICK = 5.0
_STRANDED = timedelta(hours=1)
"""How late something on a channel that is switched off may be before a person hears of it."""
_ROUNDS = 50

Errand = Callable[[Callable[[float], bool]], int]
"""Timed work with a thread of its own. It is given what waits so many seconds, and then says whether to stop; it gives
how much there was to do."""


class Worker:
    """Sends what is owed and does what is timed."""

    def __init__(
        self,
        wiring: Wiring,
        channels: Mapping[str, Channel],
        compose: Callable[[Owed], Letter | None],
        undeliverable: Callable[[Owed, str], None],
        tick: Callable[[], int],
        *,
        tell_parked: Callable[[Owed, str], None] = tell_nobody,
        errands: Sequence[Errand] = (),
        every: float = 1.0,
    ) -> None:
        """For `compose`, `undeliverable` and `tell_parked` see Duties. `tick`: does the timed work that is due, and
        gives how much there was; `errands`: timed work that may wait for others; `every`: seconds between two looks at
        what is owed (urgent: half of it)."""
        duties = Duties(compose, undeliverable, tell_parked)
        self.name = process_name()
        self._store = wiring.store
        self._tick = tick
        self._errands = tuple(errands)
        self._every = every
        self._channels = frozenset(channels)
        self._lanes = [
            Lane(wiring.store, name, channel, duties, urgent=urgent)
            for urgent in (True, False)
            for name, channel in channels.items()
            for _ in range(lanes_of(name, urgent))
        ]
        self._strays = Settler(wiring.store, duties)
        self._clock = Watch(wiring.store)
        self._told_to_stop = False
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ends the work when what is in hand is done. Sets a plain flag, for it is called by signal handlers."""
        self._told_to_stop = True

    def run(self) -> int:
        """Works until told to stop. Returns an exit code: 1 where a thread has died, so that whoever watches over the
        process starts another."""
        threads = [threading.Thread(target=self._work, args=(lane,), daemon=True) for lane in self._lanes]
        threads.append(threading.Thread(target=self._keep_time, daemon=True))
        threads += [threading.Thread(target=self._run, args=(errand,), daemon=True) for errand in self._errands]
        for thread in threads:
            thread.start()
        next_beat, code = 0.0, 0
        while not self._told_to_stop and code == 0:
            if time.monotonic() >= next_beat:
                next_beat = time.monotonic() + _BEAT
                self._try(lambda: beat(self._store, self.name), "beat")
            time.sleep(0.1)
            code = 0 if all(thread.is_alive() for thread in threads) else 1
        self._end(threads)
        return code

    def run_until_idle(self) -> int:
        """Does everything that is due, timed work first, in this thread. Returns how many notifications were taken
        up. What has to wait for another try is left to the next run."""
        taken = 0
        self._clock.look()
        for _ in range(_ROUNDS):
            timed = self._tick() + self._park_stranded()
            timed += sum(errand(self._stopping.wait) for errand in self._errands)
            sent = sum(lane.drain() for lane in self._lanes)
            taken += sent
            if not timed and not sent:
                break
        return taken

    def _end(self, threads: list[threading.Thread]) -> None:
        self._stopping.set()
        end = time.monotonic() + LEASE.total_seconds()
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        self._try(lambda: forget(self._store, self.name), "stop")

    def _work(self, lane: Lane) -> None:
        wait = self._every / 2 if lane.urgent else self._every
        while not self._stopping.is_set():
            if not self._try(lane.one, lane.name):
                self._stopping.wait(wait)

    def _keep_time(self) -> None:
        while not self._stopping.is_set():
            self._try(self._clock.look, "clock")
            self._try(self._tick, "tick")
            self._try(self._park_stranded, "stranded")
            self._stopping.wait(_TICK)

    def _run(self, errand: Errand) -> None:
        while not self._stopping.is_set():
            self._try(partial(errand, self._stopping.wait), "errand")
            self._stopping.wait(_TICK)

    def _park_stranded(self) -> int:
        return self._strays.park_stranded(self._channels, _STRANDED)

    def _try(self, step: Callable[[], object], what: str) -> bool:
        """Takes a step; an error is logged, for the record may be away for a minute, and the work goes on."""
        try:
            return bool(step())
        except Exception as error:
            log.error("worker", call=what, error=type(error).__name__, where=where_of(error))
            return False
