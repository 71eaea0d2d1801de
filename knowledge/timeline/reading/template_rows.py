"""A row of the desk's own template as a Row, or every reason why it is none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from knowledge.register.reading.grid import Row as Cells
from knowledge.timeline.nouns import Problem, Row
from knowledge.timeline.reading.cells import BadCell, read_cell
from knowledge.timeline.reading.headings import Plan, heading_of
from knowledge.timeline.reading.rows import cells_of, terms_of
from knowledge.timeline.when import When

LONGEST_REFERENCE = 200
"""What the record's column holds."""
_OF_COLUMN = {"value": ("low", "high"), "service": ("service", "category"), "reference": (), "reason": ()}
_ORDER = (("tender", "closes"), ("tender", "award"), ("start", "end"))
"""What cannot come before what."""


def read_row(number: int, row: Cells, plan: Plan) -> Row | Problem:
    """The row at a position, or the problem it is."""
    found, wrong = _cells(row, plan)
    reference = found.pop("reference", "")
    wrong = _lacking(reference, found) + wrong + unfitting(found)
    if row.broken or wrong:
        reason = row.broken or "; ".join(wrong)
        return Problem(record=number, reason=reason, reference=reference, cells=cells_of(row, plan.headings))
    reason, notices = found.pop("reason", ""), found.pop("notices", ())
    says = _says(plan.fields, frozenset(found))
    return Row(reference=reference, says=says, terms=terms_of(found), notices=notices, reason=reason)


@lru_cache(maxsize=1_000)
def _says(fields: frozenset[str], found: frozenset[str]) -> frozenset[str]:
    """The fields a file's columns stand for, and those a row says besides (a band in one cell says both its ends)."""
    return found.union(*(_OF_COLUMN.get(field, (field,)) for field in fields))


def _cells(row: Cells, plan: Plan) -> tuple[dict[str, Any], list[str]]:
    """What the cells say by field, and what is wrong with others."""
    found: dict[str, Any] = {}
    wrong: list[str] = []
    for at, column in plan.columns.items():
        try:
            said = read_cell(column.field, row.cells[at] if at < len(row.cells) else "", plan.headings[at])
        except BadCell as error:
            wrong.append(f"{plan.headings[at]}: {error}")
            continue
        for name, value in said.items():
            if found.setdefault(name, value) != value:
                wrong.append(f"{plan.headings[at]}: says another {heading_of(name)!r} than the column before it")
    if any(row.cells[len(plan.headings) :]):
        wrong.append(f"too many cells: {len(row.cells)} under {len(plan.headings)} headings")
    return found, wrong


def _lacking(reference: str, found: dict[str, Any]) -> list[str]:
    wrong = [
        f"no {heading_of(name)}"
        for name, value in (("reference", reference), ("title", found.get("title")))
        if not value
    ]
    if len(reference) > LONGEST_REFERENCE:
        wrong.append(f"the reference is longer than {LONGEST_REFERENCE} characters")
    return wrong


def unfitting(found: dict[str, Any]) -> list[str]:
    """What no cell shows alone: of values and times that do not go together, what is wrong."""
    low, high = found.get("low"), found.get("high")
    wrong = []
    if low is not None and high is not None and low > high:
        wrong.append(f"{heading_of('low')} (£{low:,.0f}) is more than {heading_of('high')} (£{high:,.0f})")
    for name, later in _ORDER:
        if before(found.get(later), found.get(name)):
            told = f"{heading_of(later)} ({found[later].said}) is before {heading_of(name)} ({found[name].said})"
            wrong.append(told)
    return wrong


def before(one: When | None, other: When | None) -> bool:
    """Whether a time is over before another begins."""
    return one is not None and other is not None and one.last < other.first


def doubled(rows: Sequence[tuple[int, Row]]) -> dict[int, int]:
    """Of each row whose reference an earlier one has: its position, and the earlier one's."""
    first: dict[str, int] = {}
    keys = ((number, " ".join(row.reference.casefold().split())) for number, row in rows)
    return {number: first[key] for number, key in keys if first.setdefault(key, number) != number}
