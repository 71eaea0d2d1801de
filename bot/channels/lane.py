"""A lane: one channel's way out, for urgent notifications or for the others. Take up, write, send, settle."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.channels import Again, Channel, Never
from bot.channels.settling import Duties, Settler
from knowledge.outbox.claiming import claim
from knowledge.outbox.owed import Owed
from knowledge.store import Store

_REST, _URGENT_REST = 60.0, 10.0
"""Seconds a lane rests when nothing would leave and the channel does not say for how long."""


class Lane:
    """Sends what is due on one channel, one at a time. Used by one thread."""

    def __init__(
        self,
        store: Store,
        name: str,
        channel: Channel,
        duties: Duties,
        *,
        urgent: bool,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """`stopping`: whether nothing more may be taken up."""
        self.name = name
        self.urgent = urgent
        self._store = store
        self._channel = channel
        self._compose = duties.compose
        self._settler = Settler(store, duties)
        self._rest_until = 0.0
        self._stopping = stopping
        self._in_hand: Owed | None = None

    def drain(self) -> int:
        """Sends everything that is due. Returns how many were taken up."""
        count = 0
        while self.one():
            count += 1
        return count

    def one(self) -> bool:
        """Takes up one notification and settles it; with that the next may be in hand, which is another call's. False
        where none is due, or the channel rests."""
        owed, self._in_hand = self._in_hand or self._claimed(), None
        if owed:
            self._deliver(owed)
        return owed is not None

    def end(self) -> None:
        """Settles what is in hand."""
        while self._in_hand:
            self.one()

    def _claimed(self) -> Owed | None:
        if time.monotonic() < self._rest_until:
            return None
        found = claim(self._store, self._settler.worker, self.name, urgent=self.urgent, count=1)
        return found[0] if found else None

    def _deliver(self, owed: Owed) -> None:
        try:
            letter = self._compose(owed)
            place = None if letter is None else self._channel.send(letter, owed.attempts > 1)
        except Again as problem:
            if problem.whole_channel:
                self._rest(problem.after)
            self._settler.give_back(owed, problem.reason, problem.after)
        except Never as problem:
            self._settler.give_up(owed, problem)
        except Exception as error:  # one that cannot be written must not keep the others from leaving
            self._settler.stumble(owed, error)
        else:
            words = {"words": letter.words} if letter and letter.words else {}
            self._finish(owed, None if place is None else {**place, **words})

    def _finish(self, owed: Owed, place: dict[str, Any] | None) -> None:
        if place is None or self._stopping():
            self._settler.finish(owed, place)
        else:
            self._in_hand = self._settler.go_on(owed, place)

    def _rest(self, after: timedelta | None) -> None:
        seconds = after.total_seconds() if after else _URGENT_REST if self.urgent else _REST
        self._rest_until = time.monotonic() + seconds
