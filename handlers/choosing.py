"""Which journey a message is for: what each of the five says of it, with reasons, and who wins.

Every journey is asked. What speaks for it is added up: the words of the message (knowledge/journeys, fitted to
examples), and what the journey's own reading makes of it (handlers/readings.py). The heaviest takes the message; those
that come near are offered beside the reply."""

from __future__ import annotations

import math
from dataclasses import dataclass

from handlers.desk import Desk
from handlers.messages import Message
from handlers.readings import JOURNEYS, LEAST, MOST, NEVER, OWN, Reason, of_search
from knowledge.journeys import Journey, Said, last_sentence, weigh

_WORDS, _LAST = 1.2, 0.6
"""What the words count beside the readings, without which they were fitted; and those of the last sentence once more:
after much that is told, it asks."""
NEAR = 2.5
"""How much less than the winner a journey may weigh to be offered beside its reply."""

_HELD = (Journey.REGISTER, Journey.TIMELINE)
"""The journeys of what a council may not have given the desk."""


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
        return sum(reason.weighs for reason in self.claims[0].reasons[1:]) >= OWN

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
    end, said = last_sentence(message.text), weigh(message.text)
    last = said if end == message.text else weigh(end)
    claims = [
        Claim(journey, (_of_words(said[journey], last[journey]), *reading(message, desk)))
        for journey, reading in JOURNEYS.items()
    ]
    claims = _searched(_without(claims), message, desk)
    return Chosen(tuple(sorted(claims, key=lambda claim: -claim.weighs)))


def _without(claims: list[Claim]) -> list[Claim]:
    """The claims, with the papers standing in for a register or a timeline that a message is for and that is not
    here."""
    words = {claim.journey: claim.reasons[0].weighs for claim in claims}
    lacking = [claim for claim in claims if claim.journey in _HELD and claim.reasons[-1].weighs <= NEVER]
    more = max((words[claim.journey] - words[Journey.DOCUMENTS] for claim in lacking), default=0.0)
    if more <= 0:
        return claims
    stands_in = Reason("what could answer it better is not here", more)
    return [
        Claim(claim.journey, (*claim.reasons, stands_in)) if claim.journey is Journey.DOCUMENTS else claim
        for claim in claims
    ]


def _of_words(said: Said, last: Said) -> Reason:
    spoke = ", ".join(f"“{word}”" for word in said.words)
    return Reason(f"its words ({spoke})" if spoke else "its words", _WORDS * said.weighs + _LAST * last.weighs)


def _searched(claims: list[Claim], message: Message, desk: Desk) -> list[Claim]:
    """The claims, with what a search of the papers says where that may matter."""
    papers = next(claim for claim in claims if claim.journey is Journey.DOCUMENTS)
    lead = papers.weighs - max(claim.weighs for claim in claims if claim is not papers)
    if not -NEAR - MOST <= lead <= NEAR - LEAST:
        return claims
    told = Claim(Journey.DOCUMENTS, (*papers.reasons, of_search(message, desk)))
    return [told if claim is papers else claim for claim in claims]
