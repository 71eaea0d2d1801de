"""The ranking: what speaks for a passage, and how much. Pure sums over counted words, the same on every machine.

Three voices speak for a passage: its words, its headings, and the digest's ways of asking for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from knowledge.documents.query import Query
from knowledge.documents.sums import Band, falls_in
from knowledge.models import Access

UNDIGESTED = 1.0
"""What the words of a passage count for the digest it has not got, so that a paper nobody has digested yet is found
beside papers somebody has."""
NEAR = 0.5
"""What it counts that a conversation is about a passage."""
FITS = 0.45
"""What it counts that a sum asked about falls in a band of money the passage speaks of; and against it, that it falls
in none."""
STANDING = {"in force": 1.12, "record": 0.95}
"""What a paper's status makes of its passages' scores: where several say much the same, a colleague quotes what is in
force before a record of how it came about. Fitted with the rest."""
SUPERSEDED = 0.85
"""What is left of a passage's score when a newer paper has replaced it."""


@dataclass(frozen=True)
class Weights:
    """What each voice counts, fitted on the development questions (the optimum is flat: half or double of any of them
    changes little). `broad`: the share of a digest entry's words together beside its one best way of asking;
    `spare`: what words take off that a way of asking has and the question has not."""

    body: float = 0.4
    head: float = 0.3
    digest: float = 1.5
    broad: float = 0.5
    spare: float = 0.4


WEIGHTS = Weights()


@dataclass(frozen=True)
class Found:
    """A passage that may answer. `score` compares passages of one question; `cover` is the share of what was asked
    (0 to 1) that the passage and its digest speak of; `entry` the digest entry that spoke for it, by number, and `ask`
    which of its ways of asking; `fits`: a sum asked about falls in a band of money it speaks of."""

    number: int
    score: float
    cover: float
    entry: int | None = None
    voices: dict[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    fits: bool = False
    ask: int = 0


@dataclass(frozen=True)
class Row:
    """A passage as it is ranked: its words counted. `digested`: the digest knows its paper; `bands`: of money;
    `standing`: what its paper's status makes of its score."""

    number: int
    body: Counter[str]
    head: frozenset[str]
    superseded: bool
    digested: bool
    bands: list[Band]
    access: Access
    standing: float = 1.0


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
    (`broad`) and with its one best way of asking (`close`, the `ask`th); the words of all its entries."""

    entry: int
    score: float
    broad: float
    close: float
    ask: int
    words: frozenset[str]


def judge_passage(row: Row, query: Query, voice: Voice | None, near: float, average: float) -> Found:
    """How well a passage fits. `average`: words in a passage of this index."""
    total = query.weight or 1.0
    long = 0.4 + 0.6 * row.body.total() / average
    body = sum(query.terms[n].weight * strong for n, strong in _strengths(query, row.body, long)) / total
    head = query.told_by(row.head)
    spoken = voice.score if voice else 0.0 if row.digested else UNDIGESTED * body
    voices = {"body": body, "head": head / total, "digest": spoken, "near": NEAR * near}
    voices |= {"broad": voice.broad, "close": voice.close} if voice else {}
    score = WEIGHTS.body * body + WEIGHTS.head * head / total + WEIGHTS.digest * spoken + voices["near"]
    fits = bool(query.sums) and bool(row.bands) and falls_in(list(query.sums), row.bands)
    if query.sums and row.bands:
        score += FITS if fits else -FITS
    score *= row.standing * (SUPERSEDED if row.superseded else 1.0)
    everything = row.head | row.body.keys() | (voice.words if voice else frozenset())
    cover, missing = cover_of(query, everything, fits=fits)
    return Found(
        row.number, score, cover, voice.entry if voice else None, voices, missing, fits, voice.ask if voice else 0
    )


def hear(query: Query, entry: Heard, average: float) -> Voice:
    """How well a digest entry fits: all its words together, as BM25 counts them, and its one best way of asking.
    `average`: words in an entry of this index."""
    total = query.ask_weight or 1.0
    long = 1.2 * (0.25 + 0.75 * entry.words.total() / average)
    broad = sum(query.terms[n].ask_weight * 2.2 * strong for n, strong in _strengths(query, entry.words, long)) / total
    close, ask = max(((alike(query, ask), -place) for place, ask in enumerate(entry.asks)), default=(0.0, 0))
    score = WEIGHTS.broad * broad + (1 - WEIGHTS.broad) * close
    return Voice(entry.number, score, broad, close, -ask, frozenset(entry.words))


def _strengths(query: Query, words: Counter[str], long: float) -> Iterator[tuple[int, float]]:
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


def cover_of(query: Query, held: AbstractSet[str], *, fits: bool = False) -> tuple[float, tuple[str, ...]]:
    """The share of the question that these stems speak of, and the words of it they do not. `fits`: a band of money
    speaks of the sums."""
    total = query.weight
    if not total:
        return 0.0, ()
    met, missing = 0.0, []
    shares = query.met_in(held)
    for place, term in enumerate(query.terms):
        if not term.telling:
            continue
        share = 1.0 if fits and term.figure else shares.get(place, 0.0)
        met += term.weight * share
        if not share:
            missing.append(term.surface)
    return met / total, tuple(missing)
