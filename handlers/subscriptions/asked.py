"""What somebody is to hear of, before it is written down."""

from __future__ import annotations

from typing import NamedTuple

from knowledge.subscriptions.nouns import Criteria


class Asked(NamedTuple):
    """What somebody is to hear of. `notes`: what people are told of how it was understood."""

    sentence: str
    criteria: Criteria
    every: str | None
    notes: tuple[str, ...] = ()
