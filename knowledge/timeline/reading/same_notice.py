"""One notice several times in one file: the same again does no harm; of those that differ the latest counts."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.timeline.nouns import Problem, Source, Statement


def settle(
    statements: Sequence[tuple[int, Statement]],
) -> tuple[list[tuple[int, Statement]], list[Problem]]:
    """The statements that count, by position, and a problem for each other one, naming the record that counts."""
    latest: dict[tuple[Source, str], tuple[int, Statement]] = {}
    for number, one in statements:
        before = latest.setdefault((one.source, one.id), (number, one))
        if one.at >= before[1].at and one != before[1]:
            latest[one.source, one.id] = (number, one)
    kept, problems = [], []
    for number, one in statements:
        first, counts = latest[one.source, one.id]
        if one == counts:
            kept.append((number, one))
        else:
            reason = f"the same notice stands in record {first} with other content, and that one counts"
            problems.append(Problem(record=number, reason=reason, reference=one.id, cells=_cells(one)))
    return kept, problems


def _cells(one: Statement) -> dict[str, str]:
    return {"title": one.terms.title, "published": one.at.isoformat(), "kind": one.kind}
