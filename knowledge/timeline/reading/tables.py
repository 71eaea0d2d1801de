"""Tables as the timeline takes them: Contracts Finder's CSV export, and the desk's own template (CSV or XLSX)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge.documents.reading import Limits
from knowledge.register.reading.grid import Row as Cells
from knowledge.timeline.nouns import Problem, Read, Row, Statement
from knowledge.timeline.reading.contracts_finder import is_export, read_notice
from knowledge.timeline.reading.errors import TimelineFileError
from knowledge.timeline.reading.finder_cells import places_of
from knowledge.timeline.reading.headings import Plan, load_template, plan_of
from knowledge.timeline.reading.knowing import Headed, count_fields, is_template, why_not
from knowledge.timeline.reading.opening import Table, open_tables
from knowledge.timeline.reading.repeats import settle
from knowledge.timeline.reading.rows import cells_of, records
from knowledge.timeline.reading.template_rows import doubled, read_row


def read_table(path: Path, limits: Limits) -> Read:
    """What a CSV or XLSX file says: every row that holds anything is one statement, one row or one problem. Raises
    TimelineFileError for a file that is neither of the two tables."""
    tables = open_tables(path, limits)
    headed = list(_headed(tables))
    if found := next((one for one in headed if is_export(one.headings)), None):
        return _export(found)
    found = max((one for one in headed if is_template(one.headings)), key=count_fields, default=None)
    if found is None:
        raise TimelineFileError(why_not(path.name, headed))
    return _template(found)


def _headed(tables: Sequence[Table]) -> Iterator[Headed]:
    """Every line near a table's beginning that may be its headings."""
    for table in tables:
        for row in table.head:
            headings = tuple(" ".join(cell.split()) for cell in row.cells)
            if any(headings):
                yield Headed(table, headings, row.line)


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
