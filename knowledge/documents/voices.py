"""The digest's voices: how well its entries, and their ways of asking, fit a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.documents.bags import Bag, Sets
from knowledge.documents.overlay import Column, Counts, Overlay, Table

CHORUS = 5
"""How many of a passage's likest ways of asking speak together."""


@dataclass(frozen=True)
class Weights:
    """What each voice counts, fitted on questions about the real papers (the optimum is flat: half or double of any of
    them changes little). `chorus`: a digest's likest few ways of asking together; `broad`: the share of an entry's
    words together beside its one best way of asking; `spare`: what words take off that a way of asking has and the
    question has not."""

    body: float = 0.4
    head: float = 0.3
    digest: float = 1.5
    broad: float = 0.5
    spare: float = 0.4
    chorus: float = 0.75


WEIGHTS = Weights()


@dataclass(frozen=True)
class Heard:
    """A digest entry as it is compared. `passage`: the one it rests on, None where the paper is not held; `asks`: its
    ways of asking, in its order."""

    number: int
    passage: int | None
    words: Bag
    asks: Sets


class Voice(NamedTuple):
    """What the digest says for a passage: its best entry by number, how well that fits, with all its words together
    (`broad`) and with its one best way of asking (`close`, the `ask`th); how alike the likest few ways of asking for
    it are (`likest`, best first)."""

    entry: int
    score: float
    broad: float
    close: float
    ask: int
    likest: tuple[float, ...] = ()

    @property
    def chorus(self) -> float:
        """How alike its likest few ways of asking are together."""
        return sum(self.likest) / CHORUS


def hear(over: Overlay, entries: Sequence[Heard], counts: Counts, average: float) -> list[Voice]:
    """How well digest entries fit: all their words together, as BM25 counts them, and their one best way of asking.
    `counts`: how often each of the question's stems stands in each; `average`: words in an entry of this index."""
    if not entries:
        return []
    total = over.query.ask_weight or 1.0
    long = 1.2 * (0.25 + 0.75 * np.array([entry.words.long for entry in entries]) / average)
    broad = over.told(over.strengths(counts, long), over.ask_weights * 2.2) / total
    close, ask, likest = _asked(over, entries)
    score = WEIGHTS.broad * broad + (1 - WEIGHTS.broad) * close
    columns = (score.tolist(), broad.tolist(), close.tolist(), ask.tolist(), map(tuple, likest.tolist()))
    return [Voice(entry.number, *told) for entry, *told in zip(entries, *columns, strict=True)]


def joined(one: Voice, other: Voice) -> Voice:
    """Two entries' voices for one passage: the better speaks, their likest ways of asking are together."""
    better = other if other.score > one.score else one
    return better._replace(likest=tuple(sorted((*one.likest, *other.likest), reverse=True)[:CHORUS]))


def alike(over: Overlay, sets: Sets) -> Column:
    """How alike ways of asking are to the question: what they share, less what each has to itself."""
    held = over.held_in_row(sets)
    met = over.told(over.met(held), over.ask_weights)
    spare = sets.sizes - held.sum(axis=0)
    likeness: Column = met / (over.query.ask_weight or 1.0) * (1.0 - WEIGHTS.spare * spare / np.maximum(sets.sizes, 1))
    return likeness


def _asked(over: Overlay, entries: Sequence[Heard]) -> tuple[Column, NDArray[np.intp], Table]:
    """Of each entry: how alike its likest way of asking is, which that is, and how alike the likest few are."""
    each = np.array([len(entry.asks.sizes) for entry in entries])
    places = np.arange(max(CHORUS, each.max()))
    table = np.zeros((len(entries), len(places)))
    table[places < each[:, None]] = alike(over, Sets.together([entry.asks for entry in entries]))
    best = table.argmax(axis=1)
    return table[np.arange(len(entries)), best], best, -np.sort(-table, axis=1)[:, :CHORUS]
