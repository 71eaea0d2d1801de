"""Why an answer is what it is: what was read of a question, what was put right and added, which passages came near and
what spoke for each, why the desk answered or did not, and which journey took the message."""

from __future__ import annotations

from handlers.choosing import choose
from handlers.desk import Desk
from handlers.messages import Message
from handlers.sought import sought
from handlers.understanding import Asked
from knowledge.documents import deciding
from knowledge.documents.found import Found
from knowledge.documents.query import Term
from knowledge.documents.search import Index
from knowledge.models import Noun

_SHOWN = 5


class Spoken(Noun):
    """A word of the question. `weight`: how much it tells; `also`: what else it may stand for; `known`: some paper or
    digest has it."""

    word: str
    weight: float
    also: tuple[str, ...] = ()
    known: bool = True


class Near(Noun):
    """A passage that came near. `voices`: what spoke for it (its words, its headings, the digest's words together and
    its closest way of asking) and how strongly; `ask`: that way of asking; `missing`: words of the question
    that neither it nor its digest has."""

    document: str
    locator: str
    score: float
    voices: dict[str, float]
    entry: str = ""
    ask: str = ""
    missing: tuple[str, ...] = ()


class Claimed(Noun):
    """What a journey said of the message: how much in all, and why."""

    journey: str
    weighs: float
    reasons: tuple[str, ...]


class Explanation(Noun):
    """Why. `read`: what of the message was asked; `signs`: what spoke for answering and against it, each as it counted;
    `evidence`: their sum, from 0 on the desk answers."""

    read: str
    places: tuple[str, ...]
    repaired: tuple[tuple[str, str], ...]
    expanded: tuple[tuple[str, str], ...]
    words: tuple[Spoken, ...]
    passages: tuple[Near, ...]
    signs: dict[str, float]
    evidence: float
    unsaid: float
    journeys: tuple[Claimed, ...]


def explain(message: Message, desk: Desk) -> Explanation:
    """Why the desk answers a message about the papers as it does. Changes nothing."""
    desk = desk.for_one_message()
    it = sought(message, desk)
    asked, index, verdict = it.asked, it.index, it.verdict
    counted = {name: round(deciding.WEIGHTS[name] * value, 2) for name, value in verdict.signs.items()}
    return Explanation(
        read=asked.text, places=tuple(place.name for place in asked.references), repaired=asked.query.repaired,
        expanded=asked.query.expanded, words=_words(asked),
        passages=tuple(_near(one, index) for one in it.found[:_SHOWN]),
        signs={name: value for name, value in counted.items() if value}, evidence=round(verdict.evidence, 2),
        unsaid=round(index.unsaid(asked.query, it.access), 2), journeys=_claims(message, desk),
    )  # fmt: skip


def _words(asked: Asked) -> tuple[Spoken, ...]:
    telling = sorted(asked.query.telling, key=lambda term: -term.weight)
    return tuple(_spoken(term) for term in telling)


def _spoken(term: Term) -> Spoken:
    also = tuple(" ".join(one.stems) for one in term.alternatives[1:])
    return Spoken(word=term.surface, weight=round(term.weight, 2), also=also, known=term.known)


def _near(found: Found, index: Index) -> Near:
    passage = index.passage(found.number)
    entry = index.entry(found.entry) if found.entry else None
    ask = entry.asks[found.ask] if entry and found.ask < len(entry.asks) else ""
    voices = {name: round(value, 2) for name, value in found.voices.items() if value and name != "digest"}
    return Near(
        document=passage.document, locator=passage.locator, score=round(found.score, 2), voices=voices,
        entry=entry.id if entry else "", ask=ask, missing=found.missing,
    )  # fmt: skip


def _claims(message: Message, desk: Desk) -> tuple[Claimed, ...]:
    return tuple(
        Claimed(
            journey=claim.journey, weighs=round(claim.weighs, 1),
            reasons=tuple(f"{reason.says} {reason.weighs:+.1f}" for reason in claim.reasons),
        )
        for claim in choose(message, desk).claims
    )  # fmt: skip
