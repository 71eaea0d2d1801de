"""The nouns of understanding: what was wished for, and what would have come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from knowledge.subscriptions.nouns import Criteria
from knowledge.timeline.asking.nouns import Cue
from knowledge.timeline.asking.understanding import Teller
from knowledge.timeline.selecting import Shown

__all__ = ["Cue", "Do", "Mine", "Preview", "Teller", "Wished", "Would"]


@dataclass(frozen=True)
class Wished:
    """A sentence as it was understood. `every`: how often, as `pace` writes it, None where it does not say; `left`:
    words that were not understood; `notes`: sentences for people about what could not be taken, or stands for more
    than it says."""

    criteria: Criteria = field(default_factory=Criteria)
    every: str | None = None
    left: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Do(StrEnum):
    """What somebody wants to do with the alerts they have."""

    LIST = "list"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


class Mine(NamedTuple):
    """A message about one's own alerts. `numbers`: the subscriptions it names; none for all of them."""

    do: Do
    numbers: tuple[int, ...] = ()


class Would(NamedTuple):
    """An intention that would have been told. `why`: in words, which of the criteria brought it; `over`: nothing is
    left to prepare for."""

    shown: Shown
    why: str
    over: bool


class Preview(NamedTuple):
    """What of the past months would have been told. `compared`: the council's own public intentions of that time: 0
    where there is nothing to compare with yet; `total`: those of them that fit; `coming`: those of these that are not
    over; `newest`: a few of them, the newest first."""

    compared: int = 0
    total: int = 0
    coming: int = 0
    newest: tuple[Would, ...] = ()
