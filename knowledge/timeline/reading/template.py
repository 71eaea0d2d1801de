"""The desk's own template: its headings and three invented rows of a county council, as CSV and as a workbook."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, TextIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.timeline.reading.headings import Column, load_template

_ROWS = 1_000
"""Rows of the workbook whose cells offer their choices."""
_AS_TYPED = "@"
"""The format that keeps what is typed: a spreadsheet would make a day of "March 2027"."""


def template_rows() -> list[list[str]]:
    """The headings and three invented rows."""
    columns = _columns()
    examples = [[example.get(one.field, "") for one in columns] for example in load_template().example]
    return [[one.heading for one in columns], *examples]


def write_template(stream: TextIO) -> None:
    """Writes the template as CSV."""
    csv.writer(stream, lineterminator="\n").writerows(template_rows())


def template_xlsx(path: Path) -> None:
    """Writes the template as a workbook, with a second sheet that explains each column. Raises OSError."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Timeline"
    for row in template_rows():
        sheet.append(row)
    _lay_out(sheet)
    _explain(book.create_sheet("How to fill this in"))
    book.save(path)


def _columns() -> list[Column]:
    return [one for one in load_template().column if one.shown]


def _lay_out(sheet: Any) -> None:
    for number, column in enumerate(_columns(), start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = _AS_TYPED
        for cell in sheet[letter]:
            cell.number_format = _AS_TYPED
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet[f"{letter}1"].font = Font(bold=True)
        if column.choices:
            _offer(sheet, letter, column)
    sheet.freeze_panes = "C2"


def _offer(sheet: Any, letter: str, column: Column) -> None:
    """The choices of a column's cells, offered as a list; what is none of them is refused as it is typed."""
    offered = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
    offered.showErrorMessage = True
    offered.errorTitle, offered.error = column.heading, f"One of: {', '.join(column.choices)}"
    sheet.add_data_validation(offered)
    offered.add(f"{letter}2:{letter}{_ROWS}")


def _explain(sheet: Any) -> None:
    sheet.append(["Column", "What to write"])
    for column in _columns():
        sheet.append([column.heading, column.help + (" Always needed." if column.needed else "")])
    for letter, width in (("A", 24), ("B", 110)):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
        for cell in sheet[letter]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
