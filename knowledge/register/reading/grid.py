"""A CSV or XLSX file as rows of text cells, each with the line on which it begins."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from knowledge.documents.reading import Limits, Unreadable, bytes_of, decode
from knowledge.register.reading.values import read_text

ROOMIER = 4
"""A table may be so many times as large as a paper: its bytes are read once, and held to be nothing but cells."""
MOST_ROWS = 500_000
MOST_COLUMNS = 500
_LONGEST_RECORD = 200
"""Lines of a record whose quotation marks are odd, before it is held to have no end."""
_LONGEST_GOOD = 20_000
"""Lines of a record whose quotation marks are in order; after each that was longer, half as many."""
_BEGINNING = 10_000
"""Characters by which it is told what a text is."""
HEAD = 40
"""Rows among which headings are looked for."""
DELIMITERS = (",", ";", "\t", "|")
BROKEN = "a quotation mark is not closed, or stands in the wrong place"
_OTHERWISE = (
    (b"PK\x03\x04", "an Excel workbook or another packed file, whatever its name says: name it .xlsx"),
    (b"\xd0\xcf\x11\xe0", "an old or locked Excel file: save it as .xlsx or CSV"),
    (b"%PDF", "a PDF: save the table as CSV or .xlsx"),
)


class RegisterError(Exception):
    """A file that is no register, or something asked of it that cannot be. Its text says why."""


@dataclass(frozen=True)
class Row:
    """A record. `line`: where it begins, from 1; in XLSX the sheet's row. `broken`: why its cells cannot be told."""

    line: int
    cells: list[str]
    broken: str = ""


@dataclass(frozen=True)
class Grid:
    """One way to read a file: the first rows, and all of them. `name`: of the sheet, or the delimiter; `ragged`:
    whether a row's length means anything, as it does in text and not in a sheet."""

    head: list[Row]
    whole: Callable[[], list[Row]]
    name: str = ""
    ragged: bool = True


def read_bytes(path: Path, limits: Limits) -> bytes:
    """A file's bytes, where it is a file and within limits. Raises RegisterError."""
    try:
        data = bytes_of(path, ROOMIER * limits.file_bytes, "four times DESK_MAX_FILE_BYTES")
    except Unreadable as error:
        raise RegisterError(f"{path.name}: {error}") from None
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise RegisterError(f"{path.name}: the file is empty")
    return data


def read_grids(path: Path, limits: Limits | None = None) -> list[Grid]:
    """The ways to read a file: text with each delimiter it holds, a workbook sheet by sheet. Raises RegisterError."""
    limits = limits or Limits()
    data = read_bytes(path, limits)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        from knowledge.register.reading.sheets import read_sheets

        return read_sheets(path.name, data, limits)
    text = text_of(path.name, data)
    held = [one for one in DELIMITERS if one in text] or [","]
    return [
        Grid(list(islice(read_rows(text, one), HEAD)), lambda one=one: _bounded(path.name, text, one), one)  # type: ignore[misc]
        for one in held
    ]


def text_of(name: str, data: bytes) -> str:
    """The text of a CSV file. Raises RegisterError where it is something else."""
    for mark, reason in _OTHERWISE:
        if data.startswith(mark):
            raise RegisterError(f"{name}: is {reason}")
    if b"\x00" in data[:200] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = _with_mark(data)
    try:
        text = decode(data)
    except Unreadable as error:
        raise RegisterError(f"{name}: {error}") from None
    beginning = text[:_BEGINNING].lstrip().lower()
    if beginning.startswith(("<!doctype", "<html", "<table", "<?xml", "<head", "<body")):
        raise RegisterError(f"{name}: is a web page or XML, whatever its name says: save the table as CSV or .xlsx")
    if beginning.startswith(("{", "[{", "[\n")):
        raise RegisterError(f"{name}: is JSON, not a table: save it as CSV or .xlsx")
    return text


def _with_mark(data: bytes) -> bytes:
    """UTF-16 without its mark, given one: every other byte of English text is then nothing."""
    for offset, mark in ((1, b"\xff\xfe"), (0, b"\xfe\xff")):
        half = data[offset:2_000:2]
        if half.count(0) > len(half) * 0.9 and len(data) % 2 == 0:
            return mark + data
    return data


def _bounded(name: str, text: str, delimiter: str) -> list[Row]:
    rows = list(islice(read_rows(text, delimiter), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise RegisterError(f"{name}: more than {MOST_ROWS:,} rows")
    return rows


def read_rows(text: str, delimiter: str) -> Iterator[Row]:
    """The records of a text. Where a quotation mark swallows what follows, the line on which it stands is broken, and
    the next is read as a line of its own: no row is lost in another's cell."""
    lines = [f"{line}\n" for line in text.split("\n")]
    widths: Counter[int] = Counter()
    at, most = 0, _LONGEST_GOOD
    while at < len(lines):
        first = begin = at
        bound = _Bound(at, most)
        reader = csv.reader(bound.given(lines), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                end = first + reader.line_num
                if end - begin > 1 and _swallows(lines[begin + 1 : end], len(cells), delimiter, widths):
                    raise csv.Error
                widths[len(cells)] += 1
                yield Row(begin + 1, [read_text(cell) for cell in cells[:MOST_COLUMNS]])
                begin = bound.begin = end
            return
        except csv.Error:
            most = bound.shorter
            row, at = _loosely(lines, begin, delimiter, widths)
            yield row


@dataclass
class _Bound:
    """Holds a record to `most` lines: each line of a file of odd quotation marks would else be read to the file's end.
    `begin`: where the record in hand begins; `reached`: the line that was given last."""

    begin: int
    most: int
    reached: int = 0

    def given(self, lines: Sequence[str]) -> Iterator[str]:
        """The lines from the beginning on. Raises csv.Error where a record is longer."""
        for place in range(self.begin, len(lines)):
            if place - self.begin > self.most:
                raise csv.Error
            self.reached = place
            yield lines[place]

    @property
    def shorter(self) -> int:
        """What the next record is held to, after one that came to nothing: less, where many lines were read for it."""
        in_vain = self.reached - self.begin > _LONGEST_RECORD
        return max(self.most // 2, _LONGEST_RECORD) if in_vain else self.most


def _loosely(lines: Sequence[str], begin: int, delimiter: str, widths: Counter[int]) -> tuple[Row, int]:
    """A record with odd quotation marks, and where the next begins. It is good where it is as wide as others are and
    has no whole row in it; else its first line is broken."""
    end = min(len(lines), begin + _LONGEST_RECORD)
    reader = csv.reader(lines[begin:end], delimiter=delimiter)
    try:
        cells = next(reader)
    except (csv.Error, StopIteration):
        cells = []
    after = begin + reader.line_num
    inner = lines[begin + 1 : after]
    known = len(cells) in widths or (not widths and not inner)
    if known and after < end and not any(_whole(line, delimiter) in widths for line in inner if len(cells) > 1):
        return Row(begin + 1, [read_text(cell) for cell in cells[:MOST_COLUMNS]]), after
    alone = [read_text(cell) for cell in _loose(lines[begin], delimiter)]
    return Row(begin + 1, alone[:MOST_COLUMNS], BROKEN), begin + 1


def _swallows(following: Sequence[str], width: int, delimiter: str, widths: Counter[int]) -> bool:
    """Whether a record of an odd width has a whole row in it."""
    usual = widths.most_common(1)[0][0] if widths else 0
    return width != usual > 1 and any(_whole(line, delimiter) == usual for line in following)


def _whole(line: str, delimiter: str) -> int:
    """How many cells a line has that is a row by itself: quotation marks stand only around its cells. Else -1."""
    mark = re.escape(delimiter)
    if '"' in re.sub(rf'(^|{mark})"(?:[^"]|"")*"(?={mark}|$)', r"\1", line.rstrip("\n")):
        return -1
    cells = len(_loose(line, delimiter))
    return cells if cells > 1 else -1


def _loose(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line[:1_000]]
