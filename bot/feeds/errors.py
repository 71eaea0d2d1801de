"""What can go wrong with a feed. No text of a feed is in any of these."""

from __future__ import annotations


class FeedError(Exception):
    """The poll is over. Its text, the end of a sentence, says why."""


class Silent(FeedError):
    """No answer, or none that is whole: another try may bring one."""


class Busy(FeedError):
    """The feed wants to be left alone. `retry_after`: its header of that name, "" for none."""

    def __init__(self, status: int, retry_after: str) -> None:
        super().__init__(f"it has had enough of our requests (HTTP {status})")
        self.retry_after = retry_after


class Stopped(FeedError):
    """Somebody stopped the poll."""

    def __init__(self) -> None:
        super().__init__("it was stopped")
