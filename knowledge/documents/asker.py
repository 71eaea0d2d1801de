"""Taking a question apart: its words and what they may also mean, slips repaired, how much each tells."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.documents.query import Alternative, Query, Term
from knowledge.documents.sums import sums_in
from knowledge.text import STOPWORDS, Word, content, stem, words
from knowledge.vocabulary import Meaning, Vocabulary

_REPAIRED = 0.9
"""What a match of a repaired word counts."""
_SLIPS = 2
"""Times a word may stand in the papers and still be somebody's slip."""
_COMMON = 5
"""How much oftener the word must stand there that it is a slip of."""
_FADED = 0.5
"""The most that a word around a question counts beside one of its own."""
_AROUND = 0.7
"""What all words around a question may weigh together, beside its own."""
_FIGURE = 0.4
"""What the digits of a sum count: what matters is the band it falls in."""
_VAGUE, _PLAIN, _LEAST = 0.2, 0.85, 0.15
"""How surely a word must tell what is asked for to count anything, to count in full; and what it counts at least."""
_UNKNOWN = 0.6
"""Share of the full weight that an everyday word counts which no paper holds."""


class Count(NamedTuple):
    """In how many passages (with their digest) a stem stands, in how many digest entries, and how surely it tells what
    is asked for, 0 to 1."""

    passages: int = 0
    entries: int = 0
    tells: float = 1.0


class Asker:
    """Takes questions apart against one index. `counts(stems)` tells of each stem where it stands."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        surfaces: Mapping[str, int],
        counts: Callable[[Sequence[str]], dict[str, Count]],
        passages: int,
        entries: int,
    ) -> None:
        self._vocabulary = vocabulary
        self._counts = counts
        self._passages, self._entries = max(passages, 1), max(entries, 1)
        self._written = surfaces
        self._by_length: dict[tuple[str, int], list[str]] = {}
        for surface in surfaces:
            self._by_length.setdefault((surface[0], len(surface)), []).append(surface)

    def understand(self, text: str, faded: str = "") -> Query:
        """The question's terms. `faded`: words around it whose subject it keeps (an earlier question, the rest of a
        long message); together they weigh no more than the question itself."""
        terms, repaired, expanded = self._terms(text)
        if faded:
            have = {term.alternatives[0].stems for term in terms}
            around = [term for term in self._terms(faded)[0] if term.telling and term.alternatives[0].stems not in have]
            terms += _fade(around, sum(term.weight for term in terms))
        return Query(text, tuple(terms), tuple(repaired), tuple(expanded), tuple(sums_in(text)))

    def _terms(self, text: str) -> tuple[list[Term], list[tuple[str, str]], list[tuple[str, str]]]:
        asked = list(words(text))
        meanings, expanded, telling = self._meanings(asked)
        counts = self._counts(_stems_of(asked, meanings))
        terms: list[Term] = []
        repaired = []
        seen: set[str] = set()
        for place, word in enumerate(asked):
            if word.stem in seen:
                continue
            seen.add(word.stem)
            strange = word.stem not in counts and place not in meanings
            if strange and _is_little_misspelt(word.surface):
                continue
            fixed = self._repair(word) if word.start in telling and place not in meanings else ""
            if fixed:
                repaired.append((word.surface, fixed))
            means = list(dict.fromkeys(meanings.get(place, ())))
            terms.append(self._term(word, means, fixed, counts, telling=word.start in telling, text=text))
        return terms, repaired, expanded

    def _meanings(self, asked: Sequence[Word]) -> tuple[dict[int, list[Meaning]], list[tuple[str, str]], set[int]]:
        """What sayings in the question mean, by word; which they were; and the words that tell something."""
        meanings: dict[int, list[Meaning]] = {}
        expanded = []
        telling = {word.start for word in content(asked)}
        for start, end, means in self._vocabulary.found_in(asked):
            said = " ".join(word.surface for word in asked[start:end])
            expanded += [(said, " ".join(meaning.stems)) for meaning in means]
            for place in range(start, end):
                meanings.setdefault(place, []).extend(means)
            telling |= {asked[start].start} if end - start == 1 else set()
        return meanings, expanded, telling

    def _term(
        self, word: Word, means: list[Meaning], fixed: str, counts: dict[str, Count], *, telling: bool, text: str
    ) -> Term:
        alternatives = [
            Alternative((word.stem,), 1.0),
            *(Alternative(meaning.stems, meaning.share) for meaning in means),
        ]
        specific = telling and _is_specific(word, text)
        if fixed:
            repaired = stem(fixed)
            alternatives.append(Alternative((repaired,), _REPAIRED))
            count = self._counts([repaired]).get(repaired, Count(1, 1))
        elif word.stem in counts:
            count = counts[word.stem]
        elif means:
            count = max((_rarest(meaning.stems, counts) for meaning in means), key=lambda one: one.passages)
        else:
            count = Count()
        share = 1.0 if specific or count.passages or count.entries else _UNKNOWN
        figure = word.stem.isdigit() and bool(sums_in(text[word.start : word.end + 6]))
        share *= _FIGURE if figure else 1.0
        tells = 1.0 if specific or figure else _telling(count.tells)
        return Term(
            word.surface,
            tuple(alternatives),
            _idf(count.passages, self._passages) * share * tells if telling else 0.0,
            _idf(count.entries, self._entries) * share,
            known=bool(count.passages or count.entries),
            specific=specific,
            figure=figure,
        )

    def _repair(self, word: Word) -> str:
        """The word of the papers that a misspelt one most likely is, or "". A word that stands there once or twice may
        itself be a slip of a common one; another form of the same word is none."""
        surface = re.sub(r"[-\s’']", "", word.surface)
        if not surface.isalpha() or len(surface) < 4:
            return ""
        rare = self._written.get(surface, 0)
        if rare > _SLIPS:
            return ""
        reach = 1 if len(surface) < 7 or rare else 2
        lengths = range(len(surface) - reach, len(surface) + reach + 1)
        near = [one for n in lengths for one in self._by_length.get((surface[0], n), ())]
        near = [one for one in near if self._written[one] > _COMMON * rare] if rare else near
        best = process.extractOne(surface, near, scorer=OSA.distance, score_cutoff=reach)
        return str(best[0]) if best and stem(best[0]) != word.stem else ""


@lru_cache(maxsize=10_000)
def _is_little_misspelt(surface: str) -> bool:
    """A slip of a little word: "teh", "waht"."""
    return 2 < len(surface) < 6 and any(
        little[0] == surface[0] and len(little) > 2 and OSA.distance(surface, little, score_cutoff=1) <= 1
        for little in STOPWORDS
    )


def _stems_of(asked: Sequence[Word], meanings: dict[int, list[Meaning]]) -> list[str]:
    found = {word.stem for word in asked}
    found.update(stem for means in meanings.values() for meaning in means for stem in meaning.stems)
    return sorted(found)


def _rarest(stems: tuple[str, ...], counts: dict[str, Count]) -> Count:
    """A saying's meaning tells as much as its rarest word."""
    return min((counts.get(stem, Count()) for stem in stems), key=lambda one: one.passages)


def _fade(around: list[Term], own: float) -> list[Term]:
    """Words around a question, made light. Where the question says nothing itself ("why?") they are all there is."""
    theirs = sum(term.weight for term in around)
    share = min(_FADED, _AROUND * own / theirs) if own and theirs else _FADED
    return [
        replace(term, weight=term.weight * share, ask_weight=term.ask_weight * share, specific=False, around=True)
        for term in around
    ]


def _idf(count: int, size: int) -> float:
    """How much a stem tells that stands in `count` of `size` texts: 1 for one that stands in none, towards 0 for one
    that stands in all. (BM25's measure, in units of its largest value, so that it means the same in a small desk.)"""
    count = min(count, size)  # never nothing: in a desk of one passage every word of it stands in all
    return math.log(1 + (size - count + 0.5) / (count + 0.5)) / math.log(1 + (size + 0.5) / 0.5)


def _telling(tells: float) -> float:
    """What is left of a word's weight that tells so surely what is asked for."""
    return min(1.0, max(_LEAST, (tells - _VAGUE) / (_PLAIN - _VAGUE)))


def _is_specific(word: Word, text: str) -> bool:
    """A number, or a name written with a capital inside the sentence: what it stands for must be in the answer."""
    if any(char.isdigit() for char in word.surface):
        return True
    written = text[word.start : word.end]
    begins = word.start == 0 or bool(re.search(r"[.!?:]\s*$", text[: word.start]))
    return written[:1].isupper() and not begins and not text.isupper()
