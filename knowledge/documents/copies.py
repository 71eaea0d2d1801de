"""Which passages repeat another document's: most of their words stand there in the same order."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from knowledge.documents.aside import PARTS, Aside, Beside, Keys
from knowledge.documents.bags import Stems

_SHINGLE = 8
"""Words in a row by which a copy of a passage is recognised."""
_COPIED = 0.6
"""Share of a passage's shingles that stand in another for it to be its copy."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
"""An odd number by which a shingle's words are told apart by their order."""
_AT_ONCE = 1_000_000
"""Words whose shingles are made together."""

Numbers = NDArray[np.int32]


class Copies:
    """Passages, one after the other, of which it tells in the end which are copies. However many there are, memory
    holds a small part of their shingles at a time, and a few numbers of each. `at_once`: words looked at together."""

    def __init__(self, db: Database, at_once: int = _AT_ONCE) -> None:
        self._db, self._at_once = db, at_once
        self._shingles = Aside(db, "shingle")
        self._bodies: list[Stems] = []
        self._words = 0
        self._papers, self._closed = array("i"), array("b")

    def add(self, stems: Stems, paper: int, closed: int) -> None:
        """One passage more. `stems`: its words' numbers in order; `paper`: its document's number; `closed`: 0 where
        all may read it, more where fewer may: a copy is of what more people may read, or of what came first."""
        self._bodies.append(stems)
        self._papers.append(paper)
        self._closed.append(closed)
        self._words += len(stems)
        if self._words >= self._at_once:
            self._put_aside()

    def originals(self) -> Numbers:
        """For each passage, by place, the place of the first that says the same: its own where it is no copy."""
        self._put_aside()
        order = np.argsort(np.frombuffer(self._closed, np.int8), kind="stable").astype(np.int32)
        rank = np.empty(len(order), np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        return order[self._firsts(rank, np.frombuffer(self._papers, np.int32)[order])[rank]]

    def _put_aside(self) -> None:
        """Shingles come into one part where they are the same."""
        keys, places = shingles(self._bodies)
        places += np.int32(len(self._papers) - len(self._bodies))
        self._shingles.put((keys % np.uint64(PARTS)).astype(np.uint8), keys, places)
        self._bodies, self._words = [], 0

    def _firsts(self, rank: Numbers, papers: Numbers) -> Numbers:
        """The same with passages given by their rank, those first that more people may read. Pairs of passages that
        share shingles are counted in one part where the later one is the same."""
        sizes, shared = np.zeros(len(rank), np.int32), Aside(self._db, "shared")
        for keys, places in self._shingles.taken():
            text, first = _met(keys, rank[places])
            sizes += np.bincount(text, minlength=len(rank)).astype(np.int32)
            elsewhere = papers[first] != papers[text]
            pairs, counts = np.unique(_paired(text[elsewhere], first[elsewhere]), return_counts=True)
            shared.put(_part_of(pairs, len(rank)), pairs, counts.astype(np.int32))
        found = np.arange(len(rank), dtype=np.int32)
        for met, together in shared.taken():
            copied, of = _copied(met, together, sizes)
            found[copied] = of
        return _followed(found)


def shingles(bodies: Sequence[Stems]) -> tuple[Keys, Beside]:
    """The runs of words of texts, each as one number, and the place of the text that each stands in. `bodies`: the
    texts' words' numbers in order."""
    text = np.repeat(np.arange(len(bodies), dtype=np.int32), np.fromiter(map(len, bodies), np.int64, len(bodies)))
    runs = len(text) - _SHINGLE + 1
    if runs < 1:
        return np.empty(0, np.uint64), np.empty(0, np.int32)
    mixed = (np.concatenate(bodies).astype(np.uint64) + np.uint64(1)) * _MIX
    mixed ^= mixed >> np.uint64(29)
    found = np.zeros(runs, np.uint64)
    for place in range(_SHINGLE):
        found = found * _MIX + mixed[place : place + runs]
    whole = text[:runs] == text[_SHINGLE - 1 :]
    return found[whole], text[:runs][whole]


def _met(keys: Keys, ranks: Numbers) -> tuple[Numbers, Numbers]:
    """For each shingle of each passage, once: the passage, and the first that has it."""
    order = np.lexsort((ranks, keys))
    keys, ranks = keys[order], ranks[order]
    opens = np.diff(keys, prepend=~keys[:1]) != 0
    once = opens | (np.diff(ranks, prepend=-1) != 0)
    first = np.repeat(ranks[opens], np.diff(np.flatnonzero(opens), append=len(keys)))
    return ranks[once], first[once]


def _paired(text: Numbers, first: Numbers) -> Keys:
    """A passage and another as one number, in the order of the passages."""
    return (text.astype(np.uint64) << np.uint64(32)) | first.astype(np.uint64)


def _part_of(pairs: Keys, size: int) -> NDArray[np.uint8]:
    """The part for a pair, of so many passages: as many passages in each."""
    return ((pairs >> np.uint64(32)) * np.uint64(PARTS) // np.uint64(max(1, size))).astype(np.uint8)


def _copied(pairs: Keys, counts: Numbers, sizes: Numbers) -> tuple[Numbers, Numbers]:
    """Of passages that share shingles, those that are copies, and what each is a copy of: what it shares most with."""
    pairs, at = np.unique(pairs, return_inverse=True)
    together = np.bincount(at, counts, len(pairs))
    text, of = (pairs >> np.uint64(32)).astype(np.int32), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int32)
    enough = together >= _COPIED * sizes[text]
    text, of, together = text[enough], of[enough], together[enough]
    order = np.lexsort((of, -together, text))
    best = order[np.flatnonzero(np.diff(text[order], prepend=-1))]
    return text[best], of[best]


def _followed(found: Numbers) -> Numbers:
    """What a copy of a copy is a copy of, to the first."""
    while not np.array_equal(further := found[found], found):
        found = further
    return found
