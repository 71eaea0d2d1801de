"""The contract a message is about: candidates from the index, then each weighed by kind of service, words, names, place
and whether it is in force. Every weight is in WEIGHTS and was fitted by `tests/bench/fit_routing.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from knowledge.gazetteer import Whereabouts
from knowledge.register.contract import State
from knowledge.register.finding.clues import Clues
from knowledge.register.reader import RegisterReader, Row


@dataclass(frozen=True)
class Weights:
    """What each voice counts. The first three add up; the rest multiply."""

    kind: float = 0.7
    words: float = 0.9
    name: float = 1.3
    strange: float = 0.5
    """A word of the message that no contract has, beside the rarest word of the register."""
    elsewhere: float = 0.12
    """A contract that serves other districts than the message's."""
    countywide: float = 0.9
    """One that serves the whole county, where the message names a place."""
    other_places: float = 0.85
    """One in the right district that names places there, and not this one."""
    this_place: float = 1.15
    """One that names this very place."""
    home_place: float = 1.05
    """One that names a place of the Member's division, where the message names none."""
    not_in_force: float = 0.75
    """One that has ended or is still to come, and that nothing in force takes the place of."""
    succeeds: float = 0.45
    """How like a contract must be to take the place of one that is not in force."""


WEIGHTS = Weights()
_GONE, _HEIRS = 12, 150
"""Contracts not in force whose successors are looked for, and contracts they are looked for among: the likeliest."""
_IN_TEXT = 0.7
"""What a name counts that stands in a contract's text, beside its provider's."""
_WEAK = 0.2
"""Contracts not in force that score less are not meant, and nobody looks for what took their place."""


@dataclass(frozen=True)
class Candidate:
    """A contract that may be meant. `why`: what spoke for it, for people; `instead_of`: the reference of a contract
    that the message meant and that this one succeeds."""

    row: Row
    state: State
    score: float
    kind: float = 0.0
    words: float = 0.0
    name: float = 0.0
    area: float = 1.0
    why: tuple[str, ...] = ()
    instead_of: str = ""


def find_contracts(clues: Clues, reader: RegisterReader, day: date, weights: Weights = WEIGHTS) -> list[Candidate]:
    """The contracts a message may be about, the likeliest first."""
    named = _named(clues, reader)
    numbers = reader.candidates(clues.kinds, clues.stems, named, clues.where.districts, clues.references)
    rows = reader.rows_of(numbers)
    idf = reader.weights(clues.stems)
    scored = [_score(row, clues, named.get(row.n, 0.0), idf, reader, day, weights) for row in rows]
    settled = _succeeded(scored, weights)
    return sorted((one for one in settled if one.score > 0), key=lambda one: (-one.score, one.row.key))


def _named(clues: Clues, reader: RegisterReader) -> dict[int, float]:
    """Contracts by the surest name of theirs that the message says."""
    found: dict[int, float] = defaultdict(float)
    for said in clues.names:
        for number, source in reader.named(said.name):
            sure = said.sure * (1.0 if source == "provider" else _IN_TEXT)
            found[number] = max(found[number], sure)
    return dict(found)


def _score(
    row: Row, clues: Clues, name: float, idf: dict[str, float], reader: RegisterReader, day: date, weights: Weights
) -> Candidate:
    kind = max((clues.kinds.get(key, 0.0) * share for key, share in row.kinds.items()), default=0.0) * clues.sure
    words = _words(row, idf, reader.strange * weights.strange, len(clues.stems) - len(idf))
    area = _area(row, clues.where, weights)
    said = 2.0 if row.key in clues.references else 0.0
    score = (weights.kind * kind + weights.words * words + weights.name * name + said) * area
    return Candidate(row, row.state(day), score, kind, words, name, area)


def _words(row: Row, idf: dict[str, float], strange: float, strangers: int) -> float:
    """Share of the message's telling words, by what they tell, that the contract has; titles count in full. `strange`:
    what each of the words that no contract has tells."""
    whole = sum(sorted([*idf.values(), *[strange] * strangers], reverse=True)[:6])
    if not whole:
        return 0.0
    said = sum(weight * (1.0 if stem in row.head else 0.6 if stem in row.body else 0.0) for stem, weight in idf.items())
    return min(1.0, said / whole)


def _area(row: Row, where: Whereabouts, weights: Weights) -> float:
    """How a contract's area fits the place of a message."""
    if not where.districts:
        return 1.0
    if row.places & where.names:
        return weights.this_place if where.source == "text" else weights.home_place
    if not row.districts:
        return weights.countywide
    if not row.districts & where.districts:
        return weights.elsewhere
    elsewhere = row.places - {district.lower() for district in row.districts}
    return weights.other_places if elsewhere and where.source == "text" else 1.0


def _succeeded(scored: Sequence[Candidate], weights: Weights) -> list[Candidate]:
    """Contracts not in force give their score to what has taken their place; without any they keep a part of it."""
    scored = sorted(scored, key=lambda one: -one.score)
    live = [one for one in scored if one.state is State.IN_FORCE]
    gone = [one for one in scored if one.state is not State.IN_FORCE]
    best = {one.row.n: one for one in live}
    found = []
    for place, one in enumerate(gone):
        heir = _heir(one, live[:_HEIRS], weights) if one.score > _WEAK and place < _GONE else None
        if heir:
            score = 0.97 * one.score * min(1.0, heir.area / one.area)
            if score > best[heir.row.n].score:
                best[heir.row.n] = replace(heir, score=score, name=one.name, instead_of=one.row.reference)
        found.append(replace(one, score=one.score * weights.not_in_force * (0.5 if heir else 1.0)))
    return [*best.values(), *found]


def _heir(gone: Candidate, live: Sequence[Candidate], weights: Weights) -> Candidate | None:
    """What has taken a contract's place: of those that may have, the one that fits the message best."""
    heirs = [(other, likely) for other in live if (likely := succession(gone.row, other.row)) >= weights.succeeds]
    return max(heirs, key=lambda heir: heir[1] + heir[0].score, default=(None, 0.0))[0]


def succession(first: Row, second: Row) -> float:
    """How likely the second contract stands in for the first, which is not in force, 0 to 1: said in its text, or the
    same kind of work for the same area, the one beginning about when the other ends. A provider's own comes first."""
    if second.key in first.links or first.key in second.links:
        return 1.0
    if first.districts and second.districts and not first.districts & second.districts:
        return 0.0
    share = max((min(first.kinds[key], second.kinds.get(key, 0.0)) for key in first.kinds), default=0.0)
    if not share:
        return 0.0
    title = _alike(first.head, second.head)
    same_provider = bool(first.supplier) and first.supplier == second.supplier
    if not (_follows(first, second) or title > 0.9 or same_provider):
        return 0.0
    same_area = first.districts == second.districts
    return 0.45 * title + 0.25 * share + 0.1 * same_area + 0.3 * same_provider


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of words in common, figures left out: lots and years change from one contract to the next."""
    first, second = ({stem for stem in stems if stem.isalpha()} for stems in (one, other))
    return len(first & second) / max(1, min(len(first), len(second)))


def _follows(one: Row, other: Row) -> bool:
    """Whether one begins about when the other ends."""
    pairs = ((one.end, other.start), (other.end, one.start))
    return any(end and start and abs(start - end) <= timedelta(days=200) for end, start in pairs)
