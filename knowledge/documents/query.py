"""A question taken apart: what it is about, what its words may also mean, what was repaired."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.text import Word, content, stem, words
from knowledge.vocabulary import Vocabulary

_MEANT = 0.75
"""What a match of a meaning counts beside a match of the word itself."""
_REPAIRED = 0.9
"""What a match of a repaired word counts."""
_UNKNOWN = 0.6
"""Share of the full weight that an everyday word counts which no paper holds."""


@dataclass(frozen=True)
class Alternative:
    """One way in which a term may stand in a text: all of these stems. `share` of a full match."""

    stems: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class Term:
    """A word of the question. `weight`: how much it tells (rarer is more). `known`: some paper or digest holds it."""

    surface: str
    alternatives: tuple[Alternative, ...]
    weight: float
    known: bool
    specific: bool = False


@dataclass(frozen=True)
class Query:
    """A question as the desk understands it."""

    text: str
    terms: tuple[Term, ...]
    repaired: tuple[tuple[str, str], ...] = ()
    expanded: tuple[tuple[str, str], ...] = ()

    @property
    def weight(self) -> float:
        """What all terms tell together."""
        return sum(term.weight for term in self.terms)

    def all_stems(self) -> set[str]:
        """Every stem that may match, for marking words in a quotation."""
        return {stem for term in self.terms for alternative in term.alternatives for stem in alternative.stems}


class Asker:
    """Takes questions apart against one index. `documents(stems)` counts the passages that hold each stem."""

    def __init__(
        self, vocabulary: Vocabulary, surfaces: Sequence[str], documents: Callable[[Sequence[str]], dict[str, int]], size: int
    ) -> None:
        self._vocabulary = vocabulary
        self._documents = documents
        self._size = max(size, 1)
        self._known = frozenset(surfaces)
        self._by_length: dict[int, list[str]] = {}
        for surface in surfaces:
            self._by_length.setdefault(len(surface), []).append(surface)

    def understand(self, text: str, faded: str = "") -> Query:
        """The question's terms. `faded`: an earlier question whose subject this one keeps, at half weight."""
        terms, repaired, expanded = self._terms(text)
        if faded:
            have = {term.alternatives[0].stems for term in terms}
            earlier = [term for term in self._terms(faded)[0] if term.alternatives[0].stems not in have]
            terms += [
                Term(term.surface, term.alternatives, term.weight * 0.5, term.known, specific=False) for term in earlier
            ]
        return Query(text, tuple(terms), tuple(repaired), tuple(expanded))

    def _terms(self, text: str) -> tuple[list[Term], list[tuple[str, str]], list[tuple[str, str]]]:
        asked = list(words(text))
        meaning: dict[int, list[tuple[str, ...]]] = {}
        expanded = []
        kept = {word.start for word in content(asked)}
        for start, end, meanings in self._vocabulary.found_in(asked):
            said = " ".join(word.surface for word in asked[start:end])
            expanded += [(said, " ".join(stems)) for stems in meanings]
            for place in range(start, end):
                meaning.setdefault(place, []).extend(meanings)
                if end - start == 1:
                    kept.add(asked[place].start)
        terms: list[Term] = []
        repaired = []
        seen: set[str] = set()
        counts = self._documents(self._stems_of(asked, meaning))
        for place, word in enumerate(asked):
            if word.start not in kept or word.stem in seen:
                continue
            seen.add(word.stem)
            fixed = self._repair(word) if not counts.get(word.stem) and place not in meaning else ""
            if fixed:
                repaired.append((word.surface, fixed))
            terms.append(self._term(word, meaning.get(place, []), fixed, counts, text))
        return terms, repaired, expanded

    @staticmethod
    def _stems_of(asked: Sequence[Word], meaning: dict[int, list[tuple[str, ...]]]) -> list[str]:
        found = {word.stem for word in asked}
        for meanings in meaning.values():
            found.update(stem for stems in meanings for stem in stems)
        return sorted(found)

    def _term(self, word: Word, meanings: list[tuple[str, ...]], fixed: str, counts: dict[str, int], text: str) -> Term:
        alternatives = [Alternative((word.stem,), 1.0)]
        alternatives += [Alternative(stems, _MEANT) for stems in dict.fromkeys(meanings)]
        known = counts.get(word.stem, 0) > 0
        specific = _is_specific(word, text)
        if fixed:
            alternatives.append(Alternative((stem(fixed),), _REPAIRED))
            weight = self.idf(self._documents([stem(fixed)]).get(stem(fixed), 1))
        elif known:
            weight = self.idf(counts[word.stem])
        elif meanings:
            weight = max(min(self.idf(counts.get(stem, 0)) for stem in stems) for stems in meanings)
        else:
            weight = self.idf(0) * (1.0 if specific else _UNKNOWN)
        reachable = known or bool(fixed) or any(all(counts.get(s) for s in stems) for stems in meanings)
        return Term(word.surface, tuple(alternatives), weight, reachable, specific)

    def idf(self, count: int) -> float:
        """How much a stem tells that stands in so many passages."""
        return math.log(1 + (self._size - count + 0.5) / (count + 0.5)) if count <= self._size else 0.1

    def _repair(self, word: Word) -> str:
        """The word of the papers that a misspelt one most likely is, or ""."""
        surface = word.surface.replace("’", "'")
        if not surface.isalpha() or len(surface) < 4 or surface in self._known:
            return ""
        reach = 1 if len(surface) < 7 else 2
        near = [one for length in range(len(surface) - reach, len(surface) + reach + 1) for one in self._by_length.get(length, ())]
        near = [one for one in near if one[0] == surface[0]]
        best = process.extractOne(surface, near, scorer=OSA.distance, score_cutoff=reach)
        return str(best[0]) if best else ""


def _is_specific(word: Word, text: str) -> bool:
    """A number, or a name written with a capital inside the sentence: what it stands for must be in the answer."""
    if any(char.isdigit() for char in word.surface):
        return True
    written = text[word.start : word.end]
    begins = word.start == 0 or bool(re.search(r"[.!?:]\s*$", text[: word.start]))
    return written[:1].isupper() and not begins and not text.isupper()
