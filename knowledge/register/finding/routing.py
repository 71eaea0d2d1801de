"""What a Member's message is: about a contract, for another body, too vague, a question, or somebody at risk now."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import zip_longest

from knowledge.register.contract import State
from knowledge.register.finding.clues import Clues, read_clues
from knowledge.register.finding.scoring import WEIGHTS, Candidate, Weights, find_contracts
from knowledge.register.reader import RegisterReader
from knowledge.services import UNITARY, Service

_PLAIN = 11.5
"""A kind of service that scores less is not said plainly enough to act on, unless a name is."""
_TERMED = 0.35
"""How plainly a term for a kind of service must stand in a message to say it, however short the message is."""
_NAMED = 0.55
"""How surely a name must be said to count as named."""
_CLOSE = 0.85
"""Contracts that score this share of the best are as likely."""
_MOST = 10
_PART = 8.0
"""What a kind of service must score in one part of a message that lists several concerns."""
_FEW = 7
"""A message of so few telling words, with no place and no name, lacks something."""
_SPOKEN = 0.4
"""A contract that has so much of a message's words is what it speaks of, however short it is ("the tip, again")."""
_EDGE = 1.0
"""Another body's kind of service must come to this share of the best of ours to be taken for it."""
_WORDS, _NAME = 6.0, 16.0
"""What the words and the name of the best contract weigh against another body's kind of service."""
_ITS_WORDS = 0.15
"""Share of a message's words that a contract for another body's kind of service must have to be meant."""

_PARTS = re.compile(r"(?:^|\s)\(?(?:[1-4]|[a-d]|i{1,3})[).:]\s+(?=\S)|\b(?:secondly|second thing|other thing)\b", re.I)
_DISTRICTS = re.compile(r"\b(district|borough|city) councils?\b", re.IGNORECASE)


class Matter(StrEnum):
    """What a message is."""

    CONTRACT = "contract"
    NOT_OURS = "not_ours"
    TOO_VAGUE = "too_vague"
    QUESTION = "question"
    SAFEGUARDING = "safeguarding"


@dataclass(frozen=True)
class Routed:
    """What a message is, and what of it leads where. `contracts`: the likeliest first; `service`: the kind of service
    it speaks of; `body`: who is responsible where the council is not, `district`: whose; `lacks`: what to ask for
    ("place", "service")."""

    matter: Matter
    clues: Clues
    contracts: tuple[Candidate, ...] = ()
    service: Service | None = None
    body: str = ""
    district: str = ""
    lacks: str = ""
    danger: str = ""

    @property
    def alike(self) -> tuple[Candidate, ...]:
        """The contracts to choose from: the best, and those as likely."""
        best = self.contracts[0].score if self.contracts else 0.0
        return tuple(one for one in self.contracts if one.score >= _CLOSE * best)


def route(
    text: str,
    division: str,
    reader: RegisterReader,
    day: date,
    *,
    asks: Callable[[str, Clues], bool],
    at_risk: Callable[[str], str],
    weights: Weights = WEIGHTS,
) -> Routed:
    """What a message from a Member of this division is. `asks` tells a question for information, `at_risk` what
    danger somebody is in now ("" for none)."""
    clues = read_clues(text, division, reader)
    parts = _of_parts(text, division, reader, day, weights)
    found = parts or find_contracts(clues, reader, day, weights)
    routed = Routed(Matter.CONTRACT, clues, tuple(found[:_MOST]), service=_service(clues))
    if danger := at_risk(text):
        fitting = routed.contracts if _is_plain(routed) else ()
        return replace(routed, matter=Matter.SAFEGUARDING, danger=danger, contracts=fitting)
    if asks(text, clues):
        return replace(routed, matter=Matter.QUESTION)
    if parts:
        return routed
    if body := _body(routed):
        return replace(routed, matter=Matter.NOT_OURS, body=body, district=clues.where.district)
    if lacks := _lacks(routed):
        return replace(routed, matter=Matter.TOO_VAGUE, lacks=lacks)
    return routed


# --- two concerns in one message ------------------------------------------------------------------------------------


def _of_parts(text: str, division: str, reader: RegisterReader, day: date, weights: Weights) -> list[Candidate]:
    """The contracts of a message that lists several concerns, the best of each in turn; none where it does not."""
    parts = [part for part in _PARTS.split(text) if part and len(part.split()) > 2]
    if len(parts) < 2 or len(_PARTS.findall(text)) < 2:
        return []
    where = read_clues(text, division, reader).where
    found = []
    for part in parts:
        clues = read_clues(part, division, reader)
        clues = clues.placed(where) if clues.where.source != "text" else clues
        if _best(clues)[0] >= _PART:
            found.append(find_contracts(clues, reader, day, weights)[:3])
    if len(found) < 2:
        return []
    taken: dict[int, Candidate] = {}
    for turn in zip_longest(*found):
        for one in turn:
            if one is not None:
                taken.setdefault(one.row.n, one)
    return list(taken.values())


# --- whose it is ----------------------------------------------------------------------------------------------------


def _best(clues: Clues) -> tuple[float, float]:
    """The best score of our kinds of service, and of other bodies'."""
    ours = max((score for service, score in clues.services if service.ours), default=0.0)
    others = max((score for service, score in clues.services if not service.ours), default=0.0)
    return ours, others


def _service(clues: Clues) -> Service | None:
    return clues.services[0][0] if clues.services else None


def _body(routed: Routed) -> str:
    """Who is responsible where the council is not, "" where it is."""
    clues = routed.clues
    ours, others = _best(clues)
    top = routed.contracts[0] if routed.contracts else None
    name = top.name if top and top.name > _NAMED else 0.0
    theirs = next((service for service, _ in clues.services if not service.ours), None)
    if clues.where.source == "text" and clues.where.districts and clues.where.districts <= clues.where.outside:
        if theirs and others > ours and theirs.body != "district council":
            return theirs.body
        return UNITARY if not name else ""
    against = _WORDS * (top.words if top else 0.0) + _NAME * name
    if not theirs or others < _PLAIN or others < _EDGE * ours + against:
        return ""
    return "" if _held(theirs, top) else theirs.body


def _held(service: Service, top: Candidate | None) -> bool:
    """Whether the likeliest contract is for another body's kind of service, in the message's own words, and not with
    that body: then the council does it itself."""
    return (
        top is not None
        and top.row.kinds.get(service.key) == 1.0
        and top.words >= _ITS_WORDS
        and top.state is State.IN_FORCE
        and not _DISTRICTS.search(top.row.supplier)
    )


# --- what it lacks --------------------------------------------------------------------------------------------------


def _is_plain(routed: Routed) -> bool:
    """Whether a message says plainly what service or contract it is about."""
    top = routed.contracts[0] if routed.contracts else None
    plain = max(_best(routed.clues)) >= _PLAIN or routed.clues.termed >= _TERMED
    return bool(top) and (plain or _is_named(routed))


def _is_named(routed: Routed) -> bool:
    return bool(routed.clues.references) or any(one.name >= _NAMED for one in routed.contracts[:1])


def _lacks(routed: Routed) -> str:
    """What a message lacks for finding its contract: the service, the place, or "" for nothing."""
    if _is_named(routed):
        return ""
    if routed.clues.where.districts:
        return "" if _is_plain(routed) else "service"
    if not _is_plain(routed):
        return "place" if any(one.words >= _SPOKEN for one in routed.contracts[:1]) else "service"
    return "place" if len(routed.clues.stems) <= _FEW or _depends_on_place(routed) else ""


def _depends_on_place(routed: Routed) -> bool:
    """Whether the likeliest contracts serve different places."""
    areas = {one.row.districts for one in routed.alike if one.state is State.IN_FORCE}
    return len(areas) > 1
