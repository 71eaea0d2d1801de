"""The ranking: what speaks for a passage, and how much. Pure sums over counted words, the same on every machine.

Three voices speak for a passage: its words, its headings, and the digest's ways of asking for it, the likest by itself
and the likest few together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from knowledge.documents.query import Query
from knowledge.documents.sums import Band, falls_in
from knowledge.documents.voices import WEIGHTS, Voice, strengths
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


def judge_passage(row: Row, query: Query, voice: Voice | None, near: float, average: float) -> Found:
    """How well a passage fits. `average`: words in a passage of this index."""
    total = query.weight or 1.0
    long = 0.4 + 0.6 * row.body.total() / average
    body = sum(query.terms[n].weight * strong for n, strong in strengths(query, row.body, long)) / total
    head = query.told_by(row.head)
    spoken = voice.score if voice else 0.0 if row.digested else UNDIGESTED * body
    voices = {"body": body, "head": head / total, "digest": spoken, "near": NEAR * near}
    voices |= {"broad": voice.broad, "close": voice.close, "chorus": voice.chorus} if voice else {}
    score = WEIGHTS.body * body + WEIGHTS.head * head / total + WEIGHTS.digest * spoken + voices["near"]
    score += WEIGHTS.chorus * (voice.chorus if voice else spoken)
    fits = bool(query.sums) and bool(row.bands) and falls_in(list(query.sums), row.bands)
    if query.sums and row.bands:
        score += FITS if fits else -FITS
    score *= row.standing * (SUPERSEDED if row.superseded else 1.0)
    everything = row.head | row.body.keys() | (voice.words if voice else frozenset())
    cover, missing = cover_of(query, everything, fits=fits)
    return Found(
        row.number, score, cover, voice.entry if voice else None, voices, missing, fits, voice.ask if voice else 0
    )


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
