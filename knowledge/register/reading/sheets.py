"""XLSX workbooks, read without their formulas: what was last worked out is what counts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from knowledge.documents.reading import Limits
from knowledge.register.reading.grid import HEAD, MOST_COLUMNS, MOST_ROWS, ROOMIER, Grid, RegisterError, Row
from knowledge.register.reading.values import read_text

UNWORKED = "has a formula whose result the file does not hold: open it in a spreadsheet, and save it again"
_MOST_BLANK = 10_000
"""Blank rows in a run after which a sheet has ended: some are a million rows long and hold ten."""


def read_sheets(name: str, data: bytes, limits: Limits) -> list[Grid]:
    """Every sheet that shows, in order. Raises RegisterError."""
    formulas = _check(name, data, limits)
    try:
        found = _sheets(data)
        unworked = _unworked(data, found) if formulas else {}
    except Exception as error:  # openpyxl raises whatever a wrong file makes it stumble over
        if isinstance(error, RegisterError):
            raise
        raise RegisterError(f"{name}: cannot be read as an Excel workbook ({type(error).__name__})") from None
    return [_grid(name, title, rows, unworked.get(title, {})) for title, rows in found.items()]


def _grid(name: str, title: str, rows: list[Row], unworked: dict[int, list[int]]) -> Grid:
    if len(rows) > MOST_ROWS:
        raise RegisterError(f"{name}: more than {MOST_ROWS:,} rows")
    known = {row.line for row in rows}
    rows = rows + [Row(line, []) for line in unworked if line not in known]
    marked = sorted((_marked(row, unworked.get(row.line, [])) for row in rows), key=lambda row: row.line)
    return Grid(marked[:HEAD], lambda: marked, title, ragged=False)


def _check(name: str, data: bytes, limits: Limits) -> bool:
    """Whether there are formulas. Raises RegisterError where this is no workbook, or one that would not fit."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise RegisterError(f"{name}: is an old or locked Excel file: save it as .xlsx without a password, or as CSV")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(one.file_size for one in packed.infolist())
            if size > ROOMIER * limits.unpacked_bytes:
                allowed = f"{ROOMIER * limits.unpacked_bytes:,} allowed (four times DESK_MAX_UNPACKED_BYTES)"
                raise RegisterError(f"{name}: unpacks to {size:,} bytes, more than the {allowed}")
            parts = [one for one in packed.namelist() if one.startswith("xl/worksheets/") and one.endswith(".xml")]
            if "xl/workbook.xml" not in packed.namelist():
                raise RegisterError(f"{name}: is a packed file, and no Excel workbook")
            return any(re.search(rb"<f[ >/]", packed.read(part)) for part in parts)
    except RegisterError:
        raise
    except Exception as error:  # zipfile raises whatever a wrong file makes it stumble over, too
        what = "is no Excel workbook, whatever its name says" if not data.startswith(b"PK") else "is damaged"
        raise RegisterError(f"{name}: {what}; text with commas is named .csv ({type(error).__name__})") from None


def _sheets(data: bytes) -> dict[str, list[Row]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    return {sheet.title: list(_rows(sheet)) for sheet in book.worksheets if sheet.sheet_state == "visible"}


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS + HEAD), start=1):
        texts = [_text(cell) for cell in cells[:MOST_COLUMNS]]
        while texts and not texts[-1]:
            texts.pop()
        blank = 0 if texts else blank + 1
        if blank > _MOST_BLANK:
            return
        if texts:
            yield Row(number, texts)


def _text(cell: Any) -> str:
    """A cell as text: days as 2025-04-01, whole numbers without a point, zeros in front where the sheet shows them."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return read_text(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer() and abs(value) < 10**15):
        text = str(int(value))
        shown = str(cell.number_format or "")
        return text.zfill(len(shown)) if re.fullmatch(r"0{2,}", shown) else text
    return read_text(f"{value:.10f}".rstrip("0") if isinstance(value, float) and abs(value) < 10**15 else str(value))


def _unworked(data: bytes, found: dict[str, list[Row]]) -> dict[str, dict[int, list[int]]]:
    """The cells, by sheet and row, with a formula and no result."""
    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    lacking: dict[str, dict[int, list[int]]] = {}
    for title, rows in found.items():
        cells_of = {row.line: row.cells for row in rows}
        sheet = book[title]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_row=max(cells_of, default=0) + HEAD), start=1):
            has = cells_of.get(number, [])
            for column, cell in enumerate(cells[:MOST_COLUMNS]):
                if cell.data_type == "f" and not (column < len(has) and has[column]):
                    lacking.setdefault(title, {}).setdefault(number, []).append(column)
    return lacking


def _marked(row: Row, columns: list[int]) -> Row:
    return Row(row.line, row.cells, f"column {columns[0] + 1} {UNWORKED}") if columns else row
