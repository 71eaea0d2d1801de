"""A CSV or XLSX file as rows of text cells, as the register's files are read, but a row at a time: feeds are long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from knowledge.documents.reading import Limits
from knowledge.register.reading.grid import (
    DELIMITERS,
    HEAD,
    MOST_ROWS,
    RegisterError,
    Row,
    read_bytes,
    read_rows,
    text_of,
)
from knowledge.timeline.reading.errors import TimelineFileError

_BEGINNING = 400_000
"""Characters among which headings are looked for."""
_WINDOW = 4_000_000
_MARGIN = 400
"""Lines at a window's end that are read again with the next: as many as a record with odd quotation marks may have."""


@dataclass(frozen=True)
class Table:
    """One way to read a file. `head`: its first rows; `rows`: all of them; `sheet`: the sheet's name, "" for text."""

    head: list[Row]
    rows: Callable[[], Iterator[Row]]
    sheet: str = ""


def open_tables(path: Path, limits: Limits) -> list[Table]:
    """The ways to read a file: text with each delimiter it holds, a workbook sheet by sheet. Raises TimelineFileError
    where it is no table, empty, or more than the limits allow."""
    try:
        data = read_bytes(path, limits)
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            return _sheets(path.name, data, limits)
        return _texts(path.name, text_of(path.name, data))
    except RegisterError as error:
        raise TimelineFileError(str(error)) from None


def _sheets(name: str, data: bytes, limits: Limits) -> list[Table]:
    from knowledge.register.reading.sheets import read_sheets

    grids = read_sheets(name, data, limits)
    return [Table(grid.head, lambda grid=grid: iter(grid.whole()), grid.name) for grid in grids]  # type: ignore[misc]


def _texts(name: str, text: str) -> list[Table]:
    beginning = text[:_BEGINNING]
    held = [one for one in DELIMITERS if one in beginning] or [","]
    return [
        Table(list(islice(read_rows(beginning, one), HEAD)), lambda one=one: _bounded(name, text, one))  # type: ignore[misc]
        for one in held
    ]


def _bounded(name: str, text: str, delimiter: str) -> Iterator[Row]:
    for number, row in enumerate(_windowed(text, delimiter)):
        if number > MOST_ROWS:
            raise TimelineFileError(f"{name}: more than {MOST_ROWS:,} rows")
        yield row


def _windowed(text: str, delimiter: str, window: int = _WINDOW) -> Iterator[Row]:
    """The rows of a text, some millions of characters at a time: a feed's lines all at once would fill the memory."""
    at, before, size = 0, 0, window
    while True:
        end = text.find("\n", at + size)
        piece = text[at:] if end < 0 else text[at : end + 1]
        whole = piece.count("\n") - (_MARGIN if end >= 0 else -1)
        held: Row | None = None  # the last row that began here may go on in the next window
        for row in read_rows(piece, delimiter):
            if held:
                yield Row(before + held.line, held.cells, held.broken)
            held = row
            if row.line > whole:
                break
        if end < 0:
            yield from (Row(before + row.line, row.cells, row.broken) for row in (held,) if row)
            return
        lines = held.line - 1 if held else 0
        size = window if lines else size * 2
        at, before = at + _after(piece, lines), before + lines


def _after(piece: str, lines: int) -> int:
    """Where the line behind so many others begins."""
    at = 0
    for _ in range(lines):
        at = piece.index("\n", at) + 1
    return at
