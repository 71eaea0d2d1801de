"""A question as the desk understands it: what it is about, what its words may also mean, what was repaired."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Alternative:
    """One way in which a term may stand in a text: all of these stems. `share` of a full match."""

    stems: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class Term:
    """A word of the question. `weight`: how much it tells (rarer is more), 0 for the little words; `ask_weight`: the
    same among the digest's ways of asking, where little words tell something too. `known`: some paper or digest has
    it; `specific`: a number or a name, which an answer must speak of; `around`: it stands not in the question but
    around it; `figure`: a sum of money, which a band that it falls in speaks of as well as its own digits."""

    surface: str
    alternatives: tuple[Alternative, ...]
    weight: float
    ask_weight: float
    known: bool
    specific: bool = False
    around: bool = False
    figure: bool = False

    @property
    def telling(self) -> bool:
        """Whether it is more than a little word."""
        return self.weight > 0


@dataclass(frozen=True)
class Query:
    """A question as the desk understands it."""

    text: str
    terms: tuple[Term, ...]
    repaired: tuple[tuple[str, str], ...] = ()
    expanded: tuple[tuple[str, str], ...] = ()
    sums: tuple[float, ...] = ()

    @cached_property
    def mended(self) -> str:
        """The question with its slips put right."""
        text = self.text
        for written, meant in self.repaired:
            text = re.sub(rf"\b{re.escape(written)}\b", meant, text, flags=re.IGNORECASE)
        return text

    @cached_property
    def weight(self) -> float:
        """What all terms tell together."""
        return sum(term.weight for term in self.terms)

    @cached_property
    def ask_weight(self) -> float:
        """What all terms tell together among ways of asking."""
        return sum(term.ask_weight for term in self.terms)

    @property
    def telling(self) -> tuple[Term, ...]:
        """The terms but the little words."""
        return tuple(term for term in self.terms if term.telling)

    def met_in(self, held: AbstractSet[str]) -> dict[int, float]:
        """By its place among the terms, how much of a full match these stems hold of each that they hold at all, 0 to
        1: the best of its alternatives that stand there whole. In the terms' order, so that sums come out alike in
        every process."""
        there = self.all_stems & held
        met: dict[int, float] = {}
        for held_stem in there:
            for place, share in self._alone.get(held_stem, ()):
                if share > met.get(place, 0.0):
                    met[place] = share
        for place, stems, share in self._together:
            if share > met.get(place, 0.0) and there.issuperset(stems):
                met[place] = share
        return dict(sorted(met.items()))

    def told_by(self, held: AbstractSet[str]) -> float:
        """How much of what all terms tell these stems hold."""
        return sum(self.terms[place].weight * share for place, share in self.met_in(held).items())

    @cached_property
    def _alone(self) -> dict[str, list[tuple[int, float]]]:
        """By stem, the terms for which it stands alone, and the share of a full match."""
        found: dict[str, list[tuple[int, float]]] = {}
        for place, stems, share in self._alternatives():
            if len(stems) == 1:
                found.setdefault(stems[0], []).append((place, share))
        return found

    @cached_property
    def _together(self) -> list[tuple[int, tuple[str, ...], float]]:
        """The terms for which several stems stand together."""
        return [one for one in self._alternatives() if len(one[1]) > 1]

    def _alternatives(self) -> Iterator[tuple[int, tuple[str, ...], float]]:
        for place, term in enumerate(self.terms):
            for alternative in term.alternatives:
                yield place, alternative.stems, alternative.share

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """Every stem that may match."""
        return frozenset(stem for term in self.terms for alternative in term.alternatives for stem in alternative.stems)
