"""Whether the best passage answers at all. A desk that invents is worse than one that says it does not know.

The evidence is counted in rare words: how many rare words' worth of the question the passage's digest (or, where it
has none, the passage itself) speaks of. A number or a name that nothing there speaks of counts against it, and so does
a passage that holds no date when a date is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.documents.query import Query, Term
from knowledge.documents.ranking import Found
from knowledge.documents.wanted import lacking, wanted


@dataclass(frozen=True)
class Bar:
    """What an answer must reach, fitted on the development questions. `heard`: rare words that a digest entry and its
    passage speak of, the passage's own counting `own`; `read`: the same of a passage with no digest; `close`: for a
    question of `few` words, the share of it that one entry speaks of, headings counting `head`; `specific`, `kind`:
    rare words taken off for each number or name, and each kind of thing wanted, that are not there; `unknown`: the
    share taken off of each word that no paper and no digest knows; `fits`: what a sum in the right band adds;
    `subject`: what it adds that everything asked is spoken of (`all`) under a heading that names it (`named`)."""

    heard: float = 1.6
    own: float = 0.3
    read: float = 1.1
    close: float = 0.8
    few: int = 4
    head: float = 0.4
    specific: float = 0.35
    kind: float = 1.0
    unknown: float = 0.3
    fits: float = 0.25
    all: float = 0.99
    named: float = 0.4
    subject: float = 0.1


BAR = Bar()
_READ_SHARE = 0.7
"""What it is worth that a passage with no digest holds all the words of a short question."""


@dataclass(frozen=True)
class Verdict:
    """Whether to answer; the evidence, 1 being just enough."""

    answers: bool
    evidence: float


def _says(term: Term) -> bool:
    """A bare digit ("2+2") says nothing by itself; a sum does."""
    return term.figure or any(char.isalpha() for char in term.surface)


def judge(query: Query, found: list[Found], text: str, *, near: bool = False) -> Verdict:
    """The verdict on the best passage found; `text` is its words and its digest; `near`: the conversation is about
    this very passage, so that what is left of a question ("who signs that?") need only be met by it."""
    telling = query.telling
    if near and found and not any(term.surface in found[0].missing for term in telling if not term.around):
        return Verdict(True, 1.0)
    own = [term for term in telling if not term.around and not (term.figure and found and found[0].fits)]
    if not found or not any(_says(term) for term in telling):
        return Verdict(False, 0.0)
    best = found[0]
    away = BAR.specific * sum(term.specific for term in telling if term.surface in best.missing)
    away += BAR.kind * len(lacking(wanted(query.text), text))
    spoken = best.voices.get("digest", 0.0)
    if best.entry is None:
        evidence = (best.cover * query.weight - away) / BAR.read
    else:
        evidence = (spoken * query.ask_weight + BAR.own * best.cover * query.weight - away) / BAR.heard
    unknown = BAR.unknown * sum(term.weight for term in own if not term.known)
    if len(own) <= BAR.few and not away:
        named = best.cover >= BAR.all and best.voices.get("head", 0.0) >= BAR.named
        share = spoken if best.entry is not None else best.cover * _READ_SHARE
        evidence = max(evidence, (share + BAR.head * best.voices.get("head", 0.0) + BAR.subject * named) / BAR.close)
    evidence += BAR.fits * best.fits - unknown
    return Verdict(evidence >= 1.0, evidence)
