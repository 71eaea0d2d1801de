"""Whether the best passage answers at all. A desk that invents is worse than one that says it does not know."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.documents.query import Query
from knowledge.documents.search import Found


@dataclass(frozen=True)
class Bar:
    """What an answer must reach. `cover`: share of the question spoken of; `specific`: what each number or name that
    the passage does not hold takes off."""

    cover: float = 0.5
    digest: float = 0.55
    specific: float = 0.25


@dataclass(frozen=True)
class Verdict:
    """Whether to answer; how sure, 0 to 1 and over; which of the question's words nothing spoke of."""

    answers: bool
    sureness: float
    missing: tuple[str, ...]


def judge(query: Query, found: list[Found], bar: Bar | None = None) -> Verdict:
    """The verdict on the best passage found."""
    bar = bar or Bar()
    if not found or not query.terms:
        return Verdict(False, 0.0, tuple(term.surface for term in query.terms))
    best = found[0]
    lacking = [term for term in query.terms if term.specific and term.surface in best.missing]
    sureness = max(best.cover / bar.cover, best.voices.get("digest", 0.0) / bar.digest) - bar.specific * len(lacking)
    return Verdict(sureness >= 1.0, sureness, best.missing)
