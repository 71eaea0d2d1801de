"""Where each stem stands: for every stem the texts that have it, as arrays in the index file. From them the texts that
are worth a closer look are proposed, by BM25, in time that grows with how often the question's words stand anywhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.documents.kept import Kept
from knowledge.models import Access

Numbers = NDArray[np.intp]
_K1, _B = 1.2, 0.75
"""BM25's usual constants."""
_LEAST = 1e-6
"""What a stem counts at least, be it in nearly every text."""
_ROOM = 4_000_000
"""Places in texts kept in memory, 16 bytes each."""
ACCESSES = tuple(Access)
"""The order in which accesses are numbered in an index file."""
ANYBODY = 255
"""The number of what anybody may read: it rests on no paper that is held."""


@dataclass(frozen=True)
class Posting:
    """The texts that have a stem, by place, in order, and what it counts in each."""

    texts: Numbers
    worth: NDArray[np.float64]


class Postings:
    """The postings of one kind of text. Texts are numbered from 1. `rows`: runs SQL."""

    def __init__(self, kind: str, rows: Callable[[str, Sequence[object]], list[Any]]) -> None:
        self._kind, self._rows = kind, rows
        lengths, readers, stands = rows("SELECT lengths, readers, stands FROM measured WHERE kind = ?", [kind])[0]
        lengths = np.frombuffer(lengths, np.int32)
        self.size, total = len(lengths), int(lengths.sum(dtype=np.int64))
        self._long = _K1 * ((1 - _B) + _B * lengths / (total / self.size if total else 1.0))
        self._stands = np.frombuffer(stands, np.int32)
        self._readers = np.frombuffer(readers, np.uint8)
        self._kept = Kept[str, list[Posting]](self._read, _ROOM, lambda found: sum(len(one.texts) for one in found))
        self._hidden: dict[frozenset[Access], Numbers] = {}

    def best(self, clauses: Iterable[Sequence[str]], access: frozenset[Access], count: int) -> list[int]:
        """The numbers of the texts of this access that fit best, best first. `clauses`: each one stem, or several
        that count only where all of them stand."""
        parts = self._worths(clauses)
        if not parts:
            return []
        texts, worth = np.concatenate([one.texts for one in parts]), np.concatenate([one.worth for one in parts])
        scores: NDArray[np.float64] = np.bincount(texts, worth, self.size).astype(np.float64, copy=False)
        if len(hidden := self._hidden_from(access)):
            scores[hidden] = 0.0
        return _largest(scores, count)

    def holding(self, stems: Sequence[str], access: frozenset[Access]) -> list[int]:
        """The numbers of the texts of this access that have all these stems."""
        found = self._worths([stems])
        return (np.setdiff1d(found[0].texts, self._hidden_from(access)) + 1).tolist() if found else []

    def stand_for(self, numbers: Iterable[int]) -> set[int]:
        """The texts that stand for some: of a copy the one it is a copy of."""
        return set(self._stands[np.fromiter(numbers, np.intp) - 1].tolist())

    def _worths(self, clauses: Iterable[Sequence[str]]) -> list[Posting]:
        keys = [" ".join(clause) for clause in clauses]
        return [posting for postings in self._kept.get(keys) for posting in postings]

    def _read(self, keys: Sequence[str]) -> Mapping[str, list[Posting]]:
        """The postings of single stems; of several, each of them in the texts where all stand."""
        stems = list(dict.fromkeys(stem for key in keys for stem in key.split()))
        single = self._read_stems(stems)
        found = {key: [single[stem] for stem in key.split() if stem in single] for key in keys}
        return {key: _together(found[key]) for key in keys if found[key] and len(found[key]) == len(key.split())}

    def _read_stems(self, stems: Sequence[str]) -> dict[str, Posting]:
        """Postings come in parts where there are very many texts."""
        parts: dict[str, list[tuple[bytes, bytes]]] = {}
        asked = ",".join("?" * len(stems))
        for stem, texts, counts in self._rows(
            f"SELECT stem, texts, counts FROM posting WHERE kind = ? AND stem IN ({asked}) ORDER BY stem, part",  # noqa: S608
            [self._kind, *stems],
        ):
            parts.setdefault(stem, []).append((texts, counts))
        return {stem: self._posting(of_stem) for stem, of_stem in parts.items()}

    def _posting(self, parts: Sequence[tuple[bytes, bytes]]) -> Posting:
        texts = np.concatenate([np.frombuffer(texts, np.int32) for texts, _ in parts]).astype(np.intp)
        counts = np.concatenate([np.frombuffer(counts, np.uint16) for _, counts in parts]).astype(np.float64)
        tells = max(_LEAST, math.log((self.size - len(texts) + 0.5) / (len(texts) + 0.5)))
        return Posting(texts, tells * ((counts * (_K1 + 1.0)) / (counts + self._long[texts])))

    def _hidden_from(self, access: frozenset[Access]) -> Numbers:
        """The texts, by place, that are not of this access."""
        if access not in self._hidden:
            seen = [number for number, one in enumerate(ACCESSES) if one in access]
            self._hidden[access] = np.flatnonzero(~np.isin(self._readers, [*seen, ANYBODY]))
        return self._hidden[access]


def _together(postings: list[Posting]) -> list[Posting]:
    """Several stems' postings in the texts where all of them stand."""
    if len(postings) == 1:
        return postings
    common = reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), (p.texts for p in postings))
    return [Posting(common, one.worth[np.searchsorted(one.texts, common)]) for one in postings]


def _largest(scores: NDArray[np.float64], count: int) -> list[int]:
    """The numbers of the largest above nothing, the largest first, of equal ones the lowest number."""
    least = np.partition(scores, len(scores) - count)[len(scores) - count] if len(scores) > count else 0.0
    places = np.flatnonzero(scores >= least if least > 0 else scores > 0)
    order = np.argsort(-scores[places], kind="stable")[:count]
    return list((places[order] + 1).tolist())
