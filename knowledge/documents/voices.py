"""The digest's voices: how well its entries, and their ways of asking, fit a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import nlargest

from knowledge.documents.query import Query

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
    """A digest entry as it is compared. `passage`: the one it rests on, None where the paper is not held; `asks`: the
    stems of each way of asking, in the entry's order."""

    number: int
    passage: int | None
    words: Counter[str]
    asks: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Voice:
    """What the digest says for a passage: its best entry by number, how well that fits, with all its words together
    (`broad`) and with its one best way of asking (`close`, the `ask`th); the words of all its entries; how alike the
    likest few ways of asking for it are (`likest`, best first)."""

    entry: int
    score: float
    broad: float
    close: float
    ask: int
    words: frozenset[str]
    likest: tuple[float, ...] = ()

    @property
    def chorus(self) -> float:
        """How alike its likest few ways of asking are together."""
        return sum(self.likest) / CHORUS


def hear(query: Query, entry: Heard, average: float) -> Voice:
    """How well a digest entry fits: all its words together, as BM25 counts them, and its one best way of asking.
    `average`: words in an entry of this index."""
    total = query.ask_weight or 1.0
    long = 1.2 * (0.25 + 0.75 * entry.words.total() / average)
    broad = sum(query.terms[n].ask_weight * 2.2 * strong for n, strong in strengths(query, entry.words, long)) / total
    likest = nlargest(CHORUS, ((alike(query, ask), -place) for place, ask in enumerate(entry.asks)))
    close, ask = likest[0] if likest else (0.0, 0)
    score = WEIGHTS.broad * broad + (1 - WEIGHTS.broad) * close
    return Voice(entry.number, score, broad, close, -ask, frozenset(entry.words), tuple(one for one, _ in likest))


def joined(one: Voice, other: Voice) -> Voice:
    """Two entries' voices for one passage: the better speaks, their words and likest ways of asking are together."""
    better = other if other.score > one.score else one
    likest = tuple(sorted((*one.likest, *other.likest), reverse=True)[:CHORUS])
    return replace(better, words=one.words | other.words, likest=likest)


def strengths(query: Query, words: Counter[str], long: float) -> Iterator[tuple[int, float]]:
    """How strongly each term stands among these words, 0 towards 1, by its place: BM25's curve for the best of its
    alternatives. Terms that do not stand there are left out."""
    for place in query.met_in(words.keys()):
        best = 0.0
        for alternative in query.terms[place].alternatives:
            if count := min(words[stem] for stem in alternative.stems):
                best = max(best, alternative.share * count / (count + long))
        yield place, best


def alike(query: Query, stems: frozenset[str]) -> float:
    """How alike a way of asking is to the question: what they share, less what each has to itself."""
    if not stems:
        return 0.0
    met = sum(query.terms[place].ask_weight * share for place, share in query.met_in(stems).items())
    return met / (query.ask_weight or 1.0) * (1.0 - WEIGHTS.spare * len(stems - query.all_stems) / len(stems))
