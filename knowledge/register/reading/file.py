"""A register's file as contracts: its headings found, its rows read or named with their reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.documents.reading import Limits
from knowledge.register.contract import Contract
from knowledge.register.reading.duplicates import Taken, settle
from knowledge.register.reading.grid import Grid, RegisterError, Row, read_grids
from knowledge.register.reading.headings import FIELDS, OTHER, Columns, Fit, assign, fit, known, words_of
from knowledge.register.reading.rows import BadRow, Plan, read_contract
from knowledge.register.reading.shape import Usual, no_row

IDS = ("notice", "ocid", "document_url", "tender_url")
"""What may stand for a reference in a file that has none, in this order where they tell rows apart equally well."""


class MappingError(Exception):
    """A --map that names no heading of the file, or no field. Its text says which there are."""


@dataclass(frozen=True)
class Problem:
    """A row that was not loaded, or not by itself, and why."""

    line: int
    reference: str
    reason: str
    cells: list[str] = field(default_factory=list)


@dataclass
class Read:
    """What a file gave: contracts by key, problems, which column was taken for what, and what people should know."""

    contracts: dict[str, Taken]
    problems: list[Problem]
    columns: Columns
    notes: list[str] = field(default_factory=list)


def read_register(path: Path, settled: Mapping[str, str] | None = None, limits: Limits | None = None) -> Read:
    """The contracts in a file. `settled`: heading -> field, as somebody said. Raises RegisterError where the file is no
    register, MappingError where what was said does not fit it."""
    settled = settled or {}
    for heading, name in settled.items():
        if name not in (*FIELDS, OTHER):
            raise MappingError(f"{heading}={name}: there is no field {name!r}; there are {', '.join((*FIELDS, OTHER))}")
    grid, place = _headed(path, read_grids(path, limits), settled)
    whole = grid.whole()
    header = next(row for row in whole if row.line == place)
    rows = [row for row in whole if row.line > place and (any(row.cells) or row.broken)]
    headings = _width(header.cells, rows, grid)
    for heading in settled:
        if words_of(heading) not in {words_of(one) for one in headings}:
            raise MappingError(f"the file has no heading {heading!r}; it has {', '.join(filter(None, headings))}")
    filled = {at for row in rows for at, cell in enumerate(row.cells) if cell}
    columns = assign(headings, dict(settled), filled)
    notes = [f"read the sheet {grid.name!r}"] if not grid.ragged else []
    plan, keyed = _plan(path.name, headings, columns, rows, filled, notes)
    return _read(grid, rows, plan, keyed, notes)


def _headed(path: Path, grids: Sequence[Grid], settled: Mapping[str, str]) -> tuple[Grid, int]:
    """The way to read the file that has headings, and their line: the first such sheet, the delimiter with most."""
    said = {words_of(heading) for heading in settled}
    for look in (known, fit):
        best: tuple[int, Grid, int] | None = None
        for grid in grids:
            counted = [(_fields(row, look, said), row.line) for row in grid.head]
            most, line = max(counted, key=lambda one: one[0], default=(0, 0))
            if most >= 2 and (best is None or most > best[0]):
                best = most, grid, line
            if best and not grid.ragged:
                break
        if best:
            return best[1], best[2]
    raise RegisterError(
        f"{path.name}: no line near the beginning has headings of a register (at least a reference and a title); "
        'if yours are called otherwise: --map "Heading=reference" --map "Heading=title"'
    )


def _fields(row: Row, look: object, said: set[str]) -> int:
    """How many fields, or headings that somebody settled, a row's cells name."""
    named = set()
    for cell in row.cells:
        if cell and len(cell) <= 120:
            found: Fit | None = look(cell)  # type: ignore[operator]
            if words_of(cell) in said:
                named.add(words_of(cell))
            elif found and found.fields:
                named.add(found.fields[0])
    return len(named)


def _width(cells: list[str], rows: Sequence[Row], grid: Grid) -> list[str]:
    """The headings on one line each, and empty ones for a sheet's columns that go without."""
    headings = [" ".join(cell.split()) for cell in cells]
    if not grid.ragged:
        headings += [""] * (max((len(row.cells) for row in rows), default=0) - len(headings))
    return headings


def _plan(
    name: str, headings: list[str], columns: Columns, rows: Sequence[Row], filled: set[int], notes: list[str]
) -> tuple[Plan, bool]:
    """Which column is the reference and which the title, where the headings do not say; and whether a notice's id
    stands for the reference. Raises RegisterError where there is none."""
    keyed = columns.fields.get("reference") not in filled
    if keyed:
        ids = [at for at, heading in enumerate(headings) for one in IDS if fit(heading).fields == (one,)]
        ids.sort(key=lambda at: IDS.index(fit(headings[at]).fields[0]))
        distinct = {at: len({row.cells[at] for row in rows if at < len(row.cells) and row.cells[at]}) for at in ids}
        at = max(ids, key=lambda at: distinct[at], default=-1)
        if at >= 0 and distinct[at]:
            columns.fields["reference"] = at
            columns.kept.pop(at, None)
            notes.append(f"no column holds references: {headings[at]!r} stands for them")
    by_description = "title" not in columns.fields and "description" in columns.fields
    if by_description:
        notes.append("no column holds titles: the description stands for them")
    lacking = [
        one for one in ("reference", "title") if one not in columns.fields and not (one == "title" and by_description)
    ]
    if lacking:
        there = ", ".join(repr(heading) for heading in headings if heading)[:1_000]
        what = " and the ".join(lacking)
        raise RegisterError(
            f'{name}: no column for the {what}; --map "Heading={lacking[0]}" says which of these is it: {there}'
        )
    return Plan(columns, headings, by_description), keyed


def _read(grid: Grid, rows: Sequence[Row], plan: Plan, keyed: bool, notes: list[str]) -> Read:
    usual = Usual.of(rows, len(plan.headings), plan.columns)
    taken: list[Taken] = []
    problems: list[Problem] = []
    for row in rows:
        if no_row(row, plan, notes):
            continue
        try:
            if row.broken:
                raise BadRow(row.broken)
            shape = usual.why_not(row.cells) if grid.ragged else ""
            taken.append(Taken(row.line, _contract(row, plan, shape), row.cells))
        except BadRow as bad:
            problems.append(Problem(row.line, _reference(row, plan), str(bad), row.cells))
    contracts, doubled = settle(taken, joined=keyed)
    problems += [Problem(one.line, one.contract.reference, reason, one.cells) for one, reason in doubled]
    return Read(contracts, sorted(problems, key=lambda one: one.line), plan.columns, notes)


def _contract(row: Row, plan: Plan, shape: str) -> Contract:
    """A row's contract. A row of an odd length says so before it says what that made of its cells."""
    try:
        contract = read_contract(row.cells, plan)
    except BadRow as bad:
        raise BadRow(f"{shape}; {bad}" if shape else str(bad)) from None
    if shape:
        raise BadRow(shape)
    return contract


def _reference(row: Row, plan: Plan) -> str:
    at = plan.columns.fields["reference"]
    return " ".join(row.cells[at].split()) if at < len(row.cells) and not row.broken else ""
