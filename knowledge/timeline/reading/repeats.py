"""The same notice standing twice in one file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from knowledge.timeline.folding import moment
from knowledge.timeline.nouns import Problem, Source, Statement

Placed = tuple[int, Statement]
"""A statement with its position in the file, from 1."""


def settle(statements: Iterable[Placed]) -> tuple[tuple[Placed, ...], tuple[Problem, ...]]:
    """The statements that count, in the order of the file, and a problem for each that does not: of notices with one
    number from one source the latest counts (else the one that is further on, else the last in the file). One that
    says the very same is kept: taking it again changes nothing."""
    of_notice: dict[tuple[Source, str], list[Placed]] = defaultdict(list)
    for placed in statements:
        of_notice[placed[1].source, placed[1].id].append(placed)
    kept: list[Placed] = []
    problems: list[Problem] = []
    for same in of_notice.values():
        record, counts = max(same, key=lambda one: (*moment(one[1]), one[0]))
        kept += [one for one in same if one[1] == counts]
        problems += [_problem(one, record) for one in same if one[1] != counts]
    kept.sort(key=lambda one: one[0])
    problems.sort(key=lambda one: one.record)
    return tuple(kept), tuple(problems)


def _problem(placed: Placed, record: int) -> Problem:
    position, statement = placed
    return Problem(
        record=position,
        reference=statement.id,
        reason=f"is the notice {statement.id} again and says otherwise: record {record} counts, which is the latest",
        cells={"id": statement.id, "date": statement.at.isoformat(), "title": statement.terms.title},
    )
