"""Whether the best passage answers at all. A desk that invents is worse than one that says it does not know.

What speaks for answering and against it are a few signs, each a number, and each counts so much: a sum, fitted by
`python -m tests.bench.fit_answers` on questions that the papers answer and questions that they do not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.documents.found import Found
from knowledge.documents.leaning import leaning
from knowledge.documents.query import Query, Term
from knowledge.documents.wanted import lacking, wanted

WEIGHTS: dict[str, float] = {
    "score": 2.208, "head": 0.173, "asked": 1.933, "single": -4.017, "missing": -1.111, "share": 2.584, "names": -0.865,
    "unknown": -2.067, "lacking": -2.465, "unsaid": -15.647, "leaning": -0.172,
}  # fmt: skip
"""What each sign counts."""
BAR = 5.1
"""The sum from which on the desk answers."""


@dataclass(frozen=True)
class Verdict:
    """Whether to answer; the evidence, 0 being just enough; the signs it was summed from."""

    answers: bool
    evidence: float
    signs: dict[str, float] = field(default_factory=dict)


def judge(query: Query, found: Sequence[Found], text: str, unsaid: float = 0.0, *, near: bool = False) -> Verdict:
    """The verdict on the best passage found. `text`: the words on it in which what is wanted must stand: its digest's,
    where it has none its own; `unsaid`: how alike the question is to one that no paper answers; `near`: the
    conversation is about this very passage, so that what is left of a question ("who signs that?") need only be met by
    it."""
    telling = query.telling
    if near and found and not any(term.surface in found[0].missing for term in telling if not term.around):
        return Verdict(True, 1.0)
    if not found or not any(_says(term) for term in telling):
        return Verdict(False, -1.0)
    told = signs(query, found, text, unsaid)
    evidence = sum(WEIGHTS[name] * value for name, value in told.items()) - BAR
    return Verdict(evidence >= 0.0, evidence, told)


def signs(query: Query, found: Sequence[Found], text: str, unsaid: float) -> dict[str, float]:
    """What speaks for answering with the best passage, and against it.

    `score`: how well it fits, `head`: its headings; `asked`: how much the question says at all, `single`: that it says
    one thing only; `share`: the share of it that passage and digest have, `missing`: the rarest word that they have
    not and some paper has, `unknown`: the share of it that no paper has; `names`: names and numbers that are not there;
    `lacking`: kinds of thing wanted (a sum, a date) that are not there; `unsaid`: by how much it is more alike to what
    no paper says than to what is asked for this passage; `leaning`: how far its wording leans to what no paper says."""
    best, own = found[0], [term for term in query.telling if not term.around]
    missing = [term for term in own if term.surface in best.missing and not (term.figure and best.fits)]
    close = best.voices.get("close", 0.0)
    return {
        "score": best.score,
        "head": best.voices["head"],
        "asked": math.log1p(query.ask_weight),
        "single": float(len(query.telling) <= 1),
        "missing": max((term.weight for term in missing if term.known), default=0.0),
        "share": best.cover,
        "names": float(sum(term.specific for term in missing)),
        "unknown": sum(term.weight for term in own if not term.known) / (sum(term.weight for term in own) or 1.0),
        "lacking": float(len(lacking(wanted(query.mended), text))),
        "unsaid": max(0.0, unsaid - close),
        "leaning": leaning(query.mended),
    }


def _says(term: Term) -> bool:
    """A bare digit ("2+2") says nothing by itself; a sum does."""
    return term.figure or any(char.isalpha() for char in term.surface)
