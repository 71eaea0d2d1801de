"""A question laid over many texts at once: how much of each of its terms each text holds. Arrays have a row for each
term of the question, in its order, and a column for each text, so that sums come out alike on every machine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.documents.bags import Bag, Numbering, Sets, Stems
from knowledge.documents.query import Query

Table = NDArray[np.float64]
Column = NDArray[np.float64]
Counts = NDArray[np.int32]


class Overlay:
    """A question in numbers. It must be made after the texts it is laid over."""

    def __init__(self, query: Query, numbering: Numbering) -> None:
        slots = {stem: slot for slot, stem in enumerate(sorted(query.all_stems))}
        alternatives = [one for term in query.terms for one in term.alternatives]
        self.query, self._size = query, len(slots)
        self.weights = np.array([term.weight for term in query.terms])[:, None]
        self.ask_weights = np.array([term.ask_weight for term in query.terms])[:, None]
        self._share = np.array([one.share for one in alternatives])[:, None]
        self._first = np.array([slots[one.stems[0]] for one in alternatives], np.intp)
        self._together = [
            (place, [slots[stem] for stem in one.stems])
            for place, one in enumerate(alternatives)
            if len(one.stems) > 1
        ]  # fmt: skip
        self._starts = np.cumsum([0, *(len(term.alternatives) for term in query.terms)])[:-1]
        self._slot_of = np.full(len(numbering) + 1, -1, np.int16)
        for stem, slot in slots.items():
            if stem in numbering:
                self._slot_of[numbering[stem]] = slot

    def counted(self, bags: Sequence[Bag]) -> Counts:
        """How often each of the question's stems stands in each text: a row for a stem, a column for a text."""
        found = np.zeros((self._size, len(bags)), np.int32)
        if bags:
            slots, texts, met = self._met([bag.stems for bag in bags])
            found[slots, texts] = np.concatenate([bag.counts for bag in bags])[met]
        return found

    def held(self, sets: Sequence[Stems]) -> Counts:
        """Which of the question's stems stand in each text, 1 or 0."""
        found = np.zeros((self._size, len(sets)), np.int32)
        if sets:
            slots, texts, _ = self._met(sets)
            found[slots, texts] = 1
        return found

    def held_in_row(self, sets: Sets) -> Counts:
        """The same for many texts in a row."""
        found = np.zeros((self._size, len(sets.sizes)), np.int32)
        slots, texts, _ = self._at(sets.stems, sets.sizes)
        found[slots, texts] = 1
        return found

    def _met(self, sets: Sequence[Stems]) -> tuple[NDArray[np.int16], NDArray[np.intp], NDArray[np.intp]]:
        return self._at(np.concatenate(sets), np.fromiter(map(len, sets), np.int64, len(sets)))

    def _at(
        self, stems: Stems, sizes: NDArray[np.int64]
    ) -> tuple[NDArray[np.int16], NDArray[np.intp], NDArray[np.intp]]:
        """Of each stem that the question has too: which of its stems, in which text, at which place of all."""
        slots = self._slot_of[stems]
        met = np.flatnonzero(slots >= 0)
        return slots[met], np.searchsorted(np.cumsum(sizes), met, side="right"), met

    def met(self, held: Counts) -> Table:
        """How much of a full match each text holds of each term, 0 to 1: the best of its alternatives there whole."""
        shares = (held[self._first] > 0) * self._share
        for place, slots in self._together:
            shares[place] = (held[slots] > 0).all(axis=0) * self._share[place]
        return np.maximum.reduceat(shares, self._starts, axis=0)

    def strengths(self, counts: Counts, long: Column) -> Table:
        """How strongly each term stands in each text, 0 towards 1: BM25's curve for the best of its alternatives.
        `long`: of each text, what its length takes off."""
        curved = counts[self._first]
        for place, slots in self._together:
            curved[place] = counts[slots].min(axis=0)
        shares = self._share * curved / (curved + long)
        return np.maximum.reduceat(shares, self._starts, axis=0)

    def told(self, met: Table, weights: Table) -> Column:
        """The sum over the terms, in their order, of what each weighs by how much of it is met: of each text."""
        if not len(met):
            return np.zeros(met.shape[1])
        sums: Table = np.add.accumulate(weights * met, axis=0)  # row after row: the same sum everywhere
        return np.asarray(sums[-1])


def gathered(counts: Counts, at: Sequence[int], columns: int) -> Counts:
    """Several texts' counts in one column each: `at` says in which of so many."""
    found = np.zeros((len(counts), columns), np.int32)
    if len(at):
        order = np.argsort(at, kind="stable")
        there, starts = np.unique(np.asarray(at)[order], return_index=True)
        found[:, there] = np.add.reduceat(counts[:, order], starts, axis=1)
    return found
