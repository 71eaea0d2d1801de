"""What people are looking at while the desk is open beside it, as Slack tells."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from bot.slack.payloads import Payload
from knowledge.parties import is_slack_channel

_KEPT, _MOST_KEPT = 600.0, 5_000
"""Seconds for which it is a hint, and of how many people."""


class Looking:
    """What people are looking at, for a few minutes and in this process only: a hint to what a message may mean, never
    a right. `clock`: seconds, for measuring."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def changed(self, event: Payload) -> None:
        """Somebody looks at something else: a Slack channel, or nothing that is one."""
        user, channel = str(event.get("user") or ""), channel_seen(event)
        if not user:
            return
        with self._lock:
            self._seen.pop(user, None)
            if channel:
                self._seen[user] = (self._clock(), channel)
            while len(self._seen) > _MOST_KEPT:
                del self._seen[next(iter(self._seen))]

    def of(self, user: str) -> str:
        """The Slack channel somebody looked at last, "" for none or one too long ago."""
        with self._lock:
            at, channel = self._seen.get(user, (0.0, ""))
            return channel if channel and self._clock() - at < _KEPT else ""


def channel_seen(event: Payload) -> str:
    """The first Slack channel among what an event says somebody is looking at, "" for none. What it says may be empty,
    and of kinds that are not known yet."""
    context = event.get("context")
    entities = context.get("entities") if isinstance(context, dict) else None
    for entity in entities if isinstance(entities, list) else ():
        value = entity.get("value") if isinstance(entity, dict) else None
        named = value.get("channel_id") if isinstance(value, dict) else value
        if isinstance(named, str) and is_slack_channel(named):
            return named
    return ""
