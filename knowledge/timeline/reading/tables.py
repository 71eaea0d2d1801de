"""Tables as the timeline takes them: Contracts Finder's CSV export, and the desk's own template (CSV or XLSX)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from knowledge.documents.reading import Limits
from knowledge.register.reading.grid import Row as Cells
from knowledge.register.reading.headings import known as known_in_registers
from knowledge.timeline.nouns import Problem, Read, Row, Statement
from knowledge.timeline.reading.contracts_finder import is_export, read_notice
from knowledge.timeline.reading.errors import TimelineFileError
from knowledge.timeline.reading.finder_cells import places_of
from knowledge.timeline.reading.headings import Plan, fit, load_template, plan_of
from knowledge.timeline.reading.opening import Table, open_tables
from knowledge.timeline.reading.repeats import settle
from knowledge.timeline.reading.rows import cells_of, records
from knowledge.timeline.reading.template_rows import doubled, read_row

KNOWN = (
    "The timeline reads the desk's own template, as CSV or .xlsx (it needs Reference and Title; "
    "`desk timeline template` writes an example), and Contracts Finder's CSV export (Notice Identifier, Notice Type, "
    "Organisation Name, Status, Title ...)"
)
_PLANS = frozenset(("stage", "route", "engagement", "tender", "closes", "reason"))
"""Columns no contract register has."""
_SHOWN = 12


class Headed(NamedTuple):
    """A way to read a file, its headings and their line."""

    table: Table
    headings: tuple[str, ...]
    line: int


def read_table(path: Path, limits: Limits) -> Read:
    """What a CSV or XLSX file says: every row that holds anything is one statement, one row or one problem. Raises
    TimelineFileError for a file that is neither of the two tables."""
    tables = open_tables(path, limits)
    headed = list(_headed(tables))
    if found := next((one for one in headed if is_export(one.headings)), None):
        return _export(found)
    found = max((one for one in headed if _is_template(one.headings)), key=_fields, default=None)
    if found is None:
        raise TimelineFileError(_why_not(path.name, headed))
    return _template(found)


def _headed(tables: Sequence[Table]) -> Iterator[Headed]:
    """Every line near a table's beginning that may be its headings."""
    for table in tables:
        for row in table.head:
            headings = tuple(" ".join(cell.split()) for cell in row.cells)
            if any(headings):
                yield Headed(table, headings, row.line)


def _fields(headed: Headed) -> int:
    return len({fit(heading) for heading in headed.headings} - {()})


def _is_template(headings: Sequence[str]) -> bool:
    """Whether these are headings of the template, and not of a contract register."""
    fields = {found[0].field for heading in headings if len(found := fit(heading)) == 1}
    needed = {one.field for one in load_template().column if one.needed}
    return needed <= fields and bool(fields & _PLANS or not _is_register(headings))


def _is_register(headings: Sequence[str]) -> bool:
    found = {fitting.fields[0] for one in headings if one and (fitting := known_in_registers(one)) and fitting.fields}
    return {"title", "supplier"} <= found and len(found) >= 4


def _why_not(name: str, headed: Sequence[Headed]) -> str:
    """What a file is instead, as far as can be told."""
    if any(_is_register(one.headings) for one in headed):
        return f"{name}: is a contract register, not a timeline: `desk register import` reads it. {KNOWN}"
    first = max(headed, key=lambda one: (_fields(one), len(one.headings), -one.line), default=None)
    cells = [heading[:40] for heading in first.headings if heading] if first else []
    there = ", ".join(repr(cell) for cell in cells[:_SHOWN]) + (" ..." if len(cells) > _SHOWN else "")
    line = first.line if first else 1
    return f"{name}: no line near the beginning has headings the timeline knows; line {line} has {there}. {KNOWN}"


def _rows(found: Headed) -> Iterator[tuple[int, Cells]]:
    """The numbered rows. A sheet's have no length of their own: they get the headings'."""
    for number, row in records(found.table, found.line):
        lacking = len(found.headings) - len(row.cells) if found.table.sheet else 0
        yield number, Cells(row.line, row.cells + [""] * lacking, row.broken) if lacking > 0 else row


def _notes(found: Headed) -> tuple[str, ...]:
    return (f"read the sheet {found.table.sheet!r}",) if found.table.sheet else ()


def _export(found: Headed) -> Read:
    places = places_of(found.headings)
    statements: list[tuple[int, Statement]] = []
    problems: list[Problem] = []
    for number, row in _rows(found):
        read = read_notice(number, row, found.headings, places)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            statements.append((number, read))
    kept, repeated = settle(statements)
    notes = ("Contracts Finder's export", *_notes(found))
    return _read(len(statements) + len(problems), [*problems, *repeated], notes, statements=tuple(kept))


def _template(found: Headed) -> Read:
    plan = plan_of(found.headings)
    rows: list[tuple[int, Row]] = []
    problems: list[Problem] = []
    for number, row in _rows(found):
        read = _repeats_headings(number, row, plan) or read_row(number, row, plan)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            rows.append((number, read))
    again = doubled(rows)
    problems += [_doubled(number, row, again[number]) for number, row in rows if number in again]
    records_ = len(rows) + len(problems) - len(again)
    kept = tuple((number, row) for number, row in rows if number not in again)
    notes = ("the desk's own template", *_notes(found), *plan.notes, *_examples(kept))
    return _read(records_, problems, notes, rows=kept)


def _read(
    count: int,
    problems: list[Problem],
    notes: tuple[str, ...],
    statements: tuple[tuple[int, Statement], ...] = (),
    rows: tuple[tuple[int, Row], ...] = (),
) -> Read:
    in_order = tuple(sorted(problems, key=lambda one: one.record))
    return Read(records=count, statements=statements, rows=rows, problems=in_order, notes=notes)


def _repeats_headings(number: int, row: Cells, plan: Plan) -> Problem | None:
    if row.broken or [" ".join(cell.split()) for cell in row.cells if cell] != [one for one in plan.headings if one]:
        return None
    return Problem(record=number, reason="the headings over again", cells=cells_of(row, plan.headings))


def _doubled(number: int, row: Row, first: int) -> Problem:
    reason = f"record {first} has the same reference, and counts"
    return Problem(record=number, reason=reason, reference=row.reference, cells={"Title": row.terms.title})


def _examples(rows: Sequence[tuple[int, Row]]) -> list[str]:
    """Whoever fills in the template may forget to take its examples out."""
    ours = {example["reference"] for example in load_template().example}
    return [
        f"record {number} is the template's own example: delete it" for number, row in rows if row.reference in ours
    ]
