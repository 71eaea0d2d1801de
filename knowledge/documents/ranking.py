"""The ranking: what speaks for a passage, and how much. Pure sums over counted words, the same on every machine.

Three voices speak for a passage: its words, its headings, and the digest's ways of asking for it, the likest by itself
and the likest few together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

import numpy as np

from knowledge.documents.bags import Bag, Stems
from knowledge.documents.overlay import Column, Counts, Overlay
from knowledge.documents.query import Query
from knowledge.documents.sums import Band, falls_in
from knowledge.documents.voices import WEIGHTS, Voice
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
    body: Bag
    head: Stems
    superseded: bool
    digested: bool
    bands: list[Band]
    access: Access
    standing: float = 1.0


def judge_passages(
    rows: Sequence[Row], over: Overlay, voices: Mapping[int, Voice], told: Counts, near: Mapping[int, float],
    average: float,
) -> list[Found]:  # fmt: skip
    """How well passages fit, best first. `told`: of each, which of the question's stems its digest has; `average`:
    words in a passage of this index."""
    if not rows:
        return []
    query, total = over.query, over.query.weight or 1.0
    counts, heads = over.counted([row.body for row in rows]), over.held([row.head for row in rows])
    long = 0.4 + 0.6 * np.array([row.body.long for row in rows]) / average
    body = over.told(over.strengths(counts, long), over.weights) / total
    head = over.told(over.met(heads), over.weights)
    fits = [bool(query.sums and row.bands) and falls_in(list(query.sums), row.bands) for row in rows]
    heard = [_heard(voices.get(row.number), row, one) for row, one in zip(rows, body.tolist(), strict=True)]
    spoken, chorus = np.array(heard).T
    close = NEAR * np.array([near.get(row.number, 0.0) for row in rows])
    score = WEIGHTS.body * body + WEIGHTS.head * head / total + WEIGHTS.digest * spoken + close
    score += WEIGHTS.chorus * chorus
    score += [_fit(query, row, fit) for row, fit in zip(rows, fits, strict=True)]
    score *= [row.standing * (SUPERSEDED if row.superseded else 1.0) for row in rows]
    cover, missing = covers_of(over, counts + heads + told, fits)
    columns = [one.tolist() for one in (score, cover, body, head / total, spoken, close)]
    found = [_found(row, voices.get(row.number), *one) for row, *one in zip(rows, *columns, missing, fits, strict=True)]
    return sorted(found, key=lambda one: (-one.score, one.number))


def _found(
    row: Row, voice: Voice | None, score: float, cover: float, body: float, head: float, spoken: float, near: float,
    missing: tuple[str, ...], fits: bool,
) -> Found:  # fmt: skip
    voices = {"body": body, "head": head, "digest": spoken, "near": near}
    if not voice:
        return Found(row.number, score, cover, None, voices, missing, fits)
    voices |= {"broad": voice.broad, "close": voice.close, "chorus": voice.chorus}
    return Found(row.number, score, cover, voice.entry, voices, missing, fits, voice.ask)


def _heard(voice: Voice | None, row: Row, body: float) -> tuple[float, float]:
    """What the digest says for a passage, and its ways of asking together; where it has no digest, its words do."""
    if voice:
        return voice.score, voice.chorus
    return (0.0, 0.0) if row.digested else (UNDIGESTED * body, UNDIGESTED * body)


def _fit(query: Query, row: Row, fits: bool) -> float:
    """What it counts that a sum asked about falls in a passage's bands of money, or in none."""
    return 0.0 if not (query.sums and row.bands) else FITS if fits else -FITS


def covers_of(over: Overlay, held: Counts, fits: Sequence[bool] = ()) -> tuple[Column, list[tuple[str, ...]]]:
    """Of each text, the share of the question that it speaks of, and the words of it that it does not. `held`: the
    question's stems there; `fits`: whether a band of money speaks of the sums."""
    met = over.met(held)
    figures = [place for place, term in enumerate(over.query.terms) if term.figure and term.telling]
    if any(fits) and figures:
        met[np.ix_(figures, np.flatnonzero(fits))] = 1.0
    telling = [place for place, term in enumerate(over.query.terms) if term.telling]
    surfaces = [over.query.terms[place].surface for place in telling]
    missing = [tuple(compress(surfaces, lacks)) for lacks in (met[telling] == 0.0).T.tolist()]
    return over.told(met, over.weights) / (over.query.weight or 1.0), missing
