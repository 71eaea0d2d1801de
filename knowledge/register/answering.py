"""What the register answers to a question: the contracts that fit, those that do and are not in force, and what has
taken a contract's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz import fuzz, process, utils

from knowledge.register.asking.nouns import RegisterQuestion, Shape, Want
from knowledge.register.choosing import Chosen, choose
from knowledge.register.contract import State
from knowledge.register.finding.scoring import WEIGHTS, succession
from knowledge.register.reader import RegisterReader, Row
from knowledge.text import stems

_NEAREST = 3
_NEAR = 55.0
_MOST_TITLES = 20_000
"""Titles among which the nearest is looked for."""


@dataclass(frozen=True)
class Found:
    """What fits. `chosen`: in order, as many as asked for; `total`: how many fit in all; `besides`: what would fit and
    is not in force; `gone`: nothing in force fits, so these have ended or are to come; `pence`: their values added up,
    and `unvalued` how many give none."""

    chosen: tuple[Chosen, ...]
    total: int
    besides: tuple[Chosen, ...] = ()
    gone: bool = False
    pence: int = 0
    unvalued: int = 0

    @property
    def providers(self) -> tuple[str, ...]:
        """Who has these contracts, each once."""
        return tuple(dict.fromkeys(one.supplier for one in self.chosen if one.supplier))


def evaluate(question: RegisterQuestion, reader: RegisterReader, day: date) -> Found:
    """The contracts a question is about, on a day. In force, unless it asks for others, or only others fit."""
    filters = question.filters
    every = choose(reader, question.subject.numbers, replace(filters, states=frozenset()), day, question.order)
    wanted = filters.states or _states(question, day)
    fitting = [one for one in every if one.state in wanted]
    besides = [one for one in every if one.state not in wanted]
    gone = not fitting and bool(besides) and _falls_back(question)
    shown = besides if gone else fitting
    top = shown[: question.most] if question.most else shown
    return Found(
        tuple(top),
        total=len(top),
        besides=() if gone or not _mentioned(question) else tuple(besides),
        gone=gone,
        pence=sum(one.pence or 0 for one in top),
        unvalued=sum(one.pence is None for one in top),
    )


def _states(question: RegisterQuestion, day: date) -> frozenset[State]:
    """The states that are meant where the question names none."""
    days, live = question.filters.days, frozenset({State.IN_FORCE})
    if "end" in days and days["end"].last and days["end"].last < day:
        return frozenset({State.ENDED})
    if "start" in days and (days["start"].last is None or days["start"].last > day):
        return frozenset({State.IN_FORCE, State.TO_COME})
    if "start" in days:
        return frozenset({State.IN_FORCE, State.ENDED})
    return live


def _falls_back(question: RegisterQuestion) -> bool:
    """Whether contracts not in force answer too: those a question names or describes, unless it says which state."""
    return question.subject.numbers is not None and not question.filters.states and question.shape is Shape.TELL


def _mentioned(question: RegisterQuestion) -> bool:
    return question.subject.named or Want.STATE in question.wants


def successor(reader: RegisterReader, number: int, day: date) -> Row | None:
    """The contract in force that has taken the place of one that is not."""
    gone = reader.rows_of([number])[0]
    numbers = reader.candidates(gone.kinds, sorted(gone.head), {}, gone.districts, sorted(gone.links))
    live = [row for row in reader.rows_of(numbers - {number}) if row.state(day) is State.IN_FORCE]
    best = max(live, key=lambda row: (succession(gone, row), row.key), default=None)
    return best if best and succession(gone, best) >= WEIGHTS.succeeds else None


def nearest(said: str, reader: RegisterReader) -> list[tuple[str, str]]:
    """References and titles of the contracts nearest to what was said."""
    wanted = [stem for stem in dict.fromkeys(stems(said)) if stem in reader.weights([stem])]
    rows = _candidates(wanted, reader)
    titled = {f"{title} {service}": (reference, title) for reference, title, service in rows}
    near = process.extract(
        said,
        list(titled),
        scorer=fuzz.token_set_ratio,
        processor=utils.default_process,
        limit=_NEAREST,
        score_cutoff=_NEAR,
    )
    return [titled[one] for one, _, _ in near]


def _candidates(wanted: Sequence[str], reader: RegisterReader) -> list[tuple[str, str, str]]:
    if wanted:
        numbers = reader.candidates({}, wanted, {}, ())
        return [(row.reference, row.title, row.service) for row in reader.rows_of(numbers)]
    sql = "SELECT reference, title, service FROM contract ORDER BY key LIMIT ?"
    return [(row[0], row[1], row[2]) for row in reader.select(sql, [_MOST_TITLES])]
