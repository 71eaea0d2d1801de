"""What the desk has acknowledged: what it must not lose any more."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Who waits for what. `questions`: the ts of messages that were acknowledged; `presses`: what raised a concern, by
    the message it was written in; `forms`: views that were sent and taken; `moves`: what a manager has pressed, by the
    event's id (concern's number, move); `answers`: requests that a provider has answered; `notices`: sendings, with the
    reference of what they tell of; `subscribed`: numbers of subscriptions made meanwhile; `unsure`: what was sent and
    got no answer, so that it may have arrived or not; `statuses`: what each kind of request was answered."""

    questions: dict[str, str] = field(default_factory=dict)
    presses: dict[str, str] = field(default_factory=dict)
    forms: set[str] = field(default_factory=set)
    moves: dict[str, tuple[int, str]] = field(default_factory=dict)
    answers: set[int] = field(default_factory=set)
    notices: dict[str, str] = field(default_factory=dict)
    subscribed: list[int] = field(default_factory=list)
    events: set[str] = field(default_factory=set)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def told(self, kind: str, status: int) -> None:
        """A request of a kind was answered so; 0: not at all."""
        with self.lock:
            self.statuses[kind, status] += 1
