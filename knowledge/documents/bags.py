"""Texts as numbers: which stems they have, and how often, so that very many are compared with a question at once."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

Stems = NDArray[np.int32]


class Numbering(defaultdict[str, int]):
    """A number for every stem that is met, from 0, for as long as a process lasts. What comes of a question does not
    depend on which number a stem has."""

    def __init__(self) -> None:
        super().__init__(count().__next__)

    def of(self, stems: Iterable[str]) -> Stems:
        """The numbers of these stems, in their order."""
        return np.fromiter(map(self.__getitem__, stems), np.int32)


@dataclass(frozen=True)
class Bag:
    """A text's stems, each once, and how often it stands there. `long`: words in all."""

    stems: Stems
    counts: Stems
    long: int

    @classmethod
    def of(cls, body: str, numbering: Numbering) -> Bag:
        """A text's bag. `body`: its stems, blanks between."""
        counted = Counter(body.split())
        return cls(numbering.of(counted), np.fromiter(counted.values(), np.int32), counted.total())


@dataclass(frozen=True)
class Sets:
    """The stems of several texts in a row, each once in a text. `sizes`: how many each has."""

    stems: Stems
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, bodies: Iterable[str], numbering: Numbering) -> Sets:
        """The sets of texts given by their stems, blanks between."""
        each = [dict.fromkeys(body.split()) for body in bodies]
        stems = numbering.of(stem for one in each for stem in one)
        return cls(stems, np.fromiter(map(len, each), np.int64, len(each)))

    @classmethod
    def together(cls, several: Sequence[Sets]) -> Sets:
        """All of them in a row."""
        if not several:
            return cls(np.empty(0, np.int32), np.empty(0, np.int64))
        return cls(np.concatenate([one.stems for one in several]), np.concatenate([one.sizes for one in several]))


def asks_of(asks: str, numbering: Numbering) -> Sets:
    """The ways of asking of a digest entry, as the index has them."""
    return Sets.of(json.loads(asks), numbering)
