"""Which journey a message is for: what each of the five says of it, with reasons, and who wins.

Every journey is asked. What speaks for it is added up: the words of the message (knowledge/journeys, fitted to
examples), and what the journey's own reading makes of it, from the table JOURNEYS. The heaviest takes the message;
those that come near are offered beside the reply."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from handlers import contract, question, register, register_gaps, rows, timeline
from handlers.desk import Desk
from handlers.messages import Message, Outcome
from handlers.subscriptions import typed as alerts
from handlers.threads import asked_before
from handlers.understanding import understand
from knowledge.journeys import Journey, Said, weigh
from knowledge.models import Role
from knowledge.register.finding.clues import read_clues
from knowledge.register.finding.enquiring import asks, leaning
from knowledge.subscriptions.understanding.cues import asks_for_alerts, may_ask, my_alerts
from knowledge.subscriptions.understanding.nouns import Cue

NEAR = 1.2
"""How much less than the winner a journey may weigh to be offered beside its reply."""
_CERTAIN, _NEVER = 50.0, -50.0
_OWN = 7.0
"""What it weighs that a journey understands the whole of a message: about as much as words can."""
_PLAINLY = 25.0
"""What it weighs that a message can be about nothing but alerts."""
_TELLS = 12.0
"""The same of what may ask for alerts of a kind of work, though the timeline could answer it too."""
_EMPTY = -1.5
_NAMED = 0.75
"""How surely a name must be said to count."""
_LEANS = 4.0
"""How far a message may lean towards a concern, or away from one, that more of it says no more."""


class Reason(NamedTuple):
    """Why a message may be for a journey, in words, and what that weighs; below 0 it speaks against."""

    says: str
    weighs: float


_ANSWERED = Reason("the papers have an answer", 2.0)


@dataclass(frozen=True)
class Claim:
    """What a journey says of a message."""

    journey: Journey
    reasons: tuple[Reason, ...]

    @property
    def weighs(self) -> float:
        """All its reasons together. Of two claims, the one with 1 more is 2.7 times as likely."""
        return sum(reason.weighs for reason in self.reasons)


@dataclass(frozen=True)
class Chosen:
    """The claims on a message, the heaviest first: that one takes it."""

    claims: tuple[Claim, ...]

    @property
    def journey(self) -> Journey:
        """The journey that takes the message."""
        return self.claims[0].journey

    @property
    def plain(self) -> bool:
        """Whether a journey has read the message as its own, beyond its words."""
        return sum(reason.weighs for reason in self.claims[0].reasons[1:]) >= _OWN

    @property
    def near(self) -> tuple[Journey, ...]:
        """The journeys that might have taken it, the nearest first."""
        least = self.claims[0].weighs - NEAR
        return tuple(claim.journey for claim in self.claims[1:] if claim.weighs >= least)

    @property
    def sure(self) -> dict[Journey, float]:
        """How likely each journey is, 0 to 1."""
        powers = {claim.journey: math.exp(claim.weighs - self.claims[0].weighs) for claim in self.claims}
        return {journey: power / sum(powers.values()) for journey, power in powers.items()}


def choose(message: Message, desk: Desk) -> Chosen:
    """The journey of a message, and why. Changes nothing."""
    said = weigh(message.text)
    claims = [
        Claim(journey, (_of_words(said[journey]), *reading(message, desk))) for journey, reading in JOURNEYS.items()
    ]
    return Chosen(tuple(sorted(_searched(claims, message, desk), key=lambda claim: -claim.weighs)))


def _of_words(said: Said) -> Reason:
    spoke = ", ".join(f"“{word}”" for word in said.words)
    return Reason(f"its words ({spoke})" if spoke else "its words", said.weighs)


def _searched(claims: list[Claim], message: Message, desk: Desk) -> list[Claim]:
    """The claims, with what a search of the papers adds where it may matter: it takes longer than all the rest."""
    papers = next(claim for claim in claims if claim.journey is Journey.DOCUMENTS)
    lead = papers.weighs - max(claim.weighs for claim in claims if claim is not papers)
    if not -NEAR - _ANSWERED.weighs <= lead <= NEAR or question.answer(message, desk).outcome is not Outcome.ANSWERED:
        return claims
    told = Claim(Journey.DOCUMENTS, (*papers.reasons, _ANSWERED))
    return [told if claim is papers else claim for claim in claims]


# --- what each journey makes of a message ---------------------------------------------------------------------------


def _documents(message: Message, desk: Desk) -> list[Reason]:
    index = desk.index()
    asked = understand(message, desk, index)
    found = []
    if asked.subject:
        found.append(_goes_on("the papers"))
    if any(place in index.references(message.readable) for place in asked.references):
        found.append(Reason("it names a place in the papers", 2.0))
    if rows.plainly(message, desk):
        found.append(Reason("it asks for rows of a paper's table", _OWN))
    return found


def _goes_on(what: str) -> Reason:
    return Reason(f"it goes on from what was asked of {what}", 5.0)


def _register(message: Message, desk: Desk) -> list[Reason]:
    reader = desk.register()
    if not reader.size:
        return [Reason("there is no contract register", _NEVER)]
    clues = read_clues(message.text, "", reader)
    named = clues.references or any(name.sure >= _NAMED for name in clues.names)
    known = register_gaps.answer(message, desk) or register.answer(message, desk)
    found = [Reason("it names a contract or a provider", 4.5 if known else 0.8)] if named else []
    if known and asked_before(message, desk, Outcome.REGISTER):
        found.append(_goes_on("the register"))
    return [*found, Reason("all of it can be asked of the register", _OWN)] if known else found


def _timeline(message: Message, desk: Desk) -> list[Reason]:
    if timeline.answer(message, desk):
        found = [_goes_on("the timeline")] if asked_before(message, desk, Outcome.TIMELINE) else []
        return [*found, Reason("it can be asked of the timeline", _OWN)]
    return [] if timeline.holds(desk) else [Reason("the timeline holds nothing", _EMPTY)]


def _concern(message: Message, desk: Desk) -> list[Reason]:
    reader = desk.register()
    if not message.roles - {Role.PROVIDER} or not reader.size:
        return [Reason("whoever writes cannot raise a concern here", _NEVER)]
    if danger := desk.at_risk(message.text):
        return [Reason(f"somebody may be at risk: {danger}", _CERTAIN)]
    clues = read_clues(message.text, message.division, reader)
    lean = max(-_LEANS, min(_LEANS, leaning(message.text, clues) - contract.bar(message.roles)))
    about = "it tells of somebody's trouble" if lean > 0 else "it tells of nobody's trouble"
    found = [Reason(about, 0.5 * lean)]
    return [*found, Reason("it asks for information", -1.0)] if asks(message.text, clues) else found


def _subscription(message: Message, desk: Desk) -> list[Reason]:
    text = message.text
    if desk.at_risk(text):
        return [Reason("it tells of danger", _NEVER)]
    if my_alerts(text) or alerts.NEW.match(text) or alerts.CHANGE.match(text):
        return [Reason("it is about the alerts one has", _PLAINLY)]
    cue = asks_for_alerts(text)
    if cue is Cue.STRONG:
        return [Reason("it asks for alerts", _PLAINLY)]
    if cue is Cue.WEAK:
        return [Reason("it may ask for alerts", _TELLS if alerts.TELLS.match(text) else 3.0)]
    return [Reason("it may ask to be told", 0.8)] if may_ask(text) else []


JOURNEYS: dict[Journey, Callable[[Message, Desk], list[Reason]]] = {
    Journey.DOCUMENTS: _documents,
    Journey.REGISTER: _register,
    Journey.TIMELINE: _timeline,
    Journey.CONCERN: _concern,
    Journey.SUBSCRIPTION: _subscription,
}
"""The journeys, and what each makes of a message beyond its words."""
