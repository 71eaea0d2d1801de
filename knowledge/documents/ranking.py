"""The ranking: what speaks for a passage, and how much. Pure sums over counted words, the same on every machine.

Three voices speak for a passage: its words, its headings, and the digest's ways of asking for it, the likest by itself
and the likest few together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.documents.bags import Bag, Stems
from knowledge.documents.found import Found, Ranked
from knowledge.documents.overlay import Column, Counts, Overlay
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
class Row:
    """A passage as it is ranked: its words counted. `digested`: the digest knows its paper; `bands`: of money;
    `times`: what its paper's status, and a newer one, make of its score."""

    number: int
    body: Bag
    head: Stems
    digested: bool
    bands: list[Band]
    access: Access
    times: float = 1.0


def judge_passages(
    rows: Sequence[Row], over: Overlay, voices: Mapping[int, Voice], counts: Counts, told: Counts,
    near: Mapping[int, float], average: float,
) -> Sequence[Found]:  # fmt: skip
    """How well passages fit, best first. `counts`: how often each of the question's stems stands in each; `told`: in
    what the digest says of each; `average`: words in a passage of this index."""
    if not rows:
        return []
    query, total = over.query, over.query.weight or 1.0
    heads = over.held([row.head for row in rows])
    long = 0.4 + 0.6 * np.array([row.body.long for row in rows]) / average
    body = over.told(over.strengths(counts, long), over.weights) / total
    head = over.told(over.met(heads), over.weights)
    fits = (
        [bool(row.bands) and falls_in(list(query.sums), row.bands) for row in rows]
        if query.sums
        else [False] * len(rows)
    )
    heard = [_heard(voices.get(row.number), row, one) for row, one in zip(rows, body.tolist(), strict=True)]
    spoken, chorus = np.array(heard).T
    close = NEAR * np.array([near.get(row.number, 0.0) for row in rows])
    score = WEIGHTS.body * body + WEIGHTS.head * head / total + WEIGHTS.digest * spoken + close
    score += WEIGHTS.chorus * chorus
    if query.sums:
        score += [(FITS if fit else -FITS) if row.bands else 0.0 for row, fit in zip(rows, fits, strict=True)]
    score *= [row.times for row in rows]
    cover, missing = covers_of(over, counts + heads + told, fits)
    columns = np.array([score, cover, body, head / total, spoken, close]).T
    order = np.lexsort(([row.number for row in rows], -score)).tolist()
    return Ranked(
        order, lambda at: _found(rows[at], voices.get(rows[at].number), columns[at].tolist(), missing(at), fits[at])
    )


def _found(row: Row, voice: Voice | None, told: Sequence[float], missing: tuple[str, ...], fits: bool) -> Found:
    score, cover, body, head, spoken, near = told
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


def covers_of(
    over: Overlay, held: Counts, fits: Sequence[bool] = ()
) -> tuple[Column, Callable[[int], tuple[str, ...]]]:
    """Of each text, the share of the question that it speaks of; and what gives the words that it does not, by the
    text's place. `held`: the question's stems there; `fits`: whether a band of money speaks of the sums."""
    met = over.met(held)
    if any(fits):
        for place in (place for place, term in enumerate(over.query.terms) if term.figure):
            met[place, list(fits)] = 1.0
    cover = over.told(met, over.weights) / (over.query.weight or 1.0)

    def missing(at: int) -> tuple[str, ...]:
        terms = zip(over.query.terms, met[:, at].tolist(), strict=True)
        return tuple(term.surface for term, share in terms if term.telling and not share)

    return cover, missing
