"""Whether a message asks for alerts, or is about those one has."""

from __future__ import annotations

from knowledge.subscriptions.understanding.nouns import Cue, Mine


def asks_for_alerts(text: str) -> Cue:
    """How plainly a message asks to be told of work to come. STRONG: "let me know of"; WEAK: "tell me about ... work
    in ..."; NONE, which is false, for any other."""
    raise NotImplementedError


def my_alerts(text: str) -> Mine | None:
    """What a message wants with the alerts somebody has; None where it is about something else."""
    raise NotImplementedError
