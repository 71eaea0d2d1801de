"""Quotations as a page shows them: paragraphs, lists and tables, with the words that were asked for marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from handlers.messages import Citation, Mark
from knowledge.dates import in_words

_CELL = " | "
"""What stands between the cells of a table's row."""


class Run(NamedTuple):
    """A run of text, marked or not."""

    text: str
    marked: bool


class Line(NamedTuple):
    """A line of a quotation. `kind`: line, item, or row; `cells`: its runs, by cell (a line has one)."""

    kind: str
    cells: list[list[Run]]

    @property
    def runs(self) -> list[Run]:
        """The runs of a line that is no row."""
        return self.cells[0]


class Piece(NamedTuple):
    """Lines that belong together: a table's rows, or anything else."""

    table: bool
    lines: list[Line]


def citations_for_page(citations: Iterable[Citation]) -> list[dict[str, Any]]:
    """Each citation with its quotation in pieces for the template."""
    return [
        {"is": one, "pieces": pieces_of(one.quote or "", one.marks), "small": small_print(one)} for one in citations
    ]


def small_print(citation: Citation) -> list[str]:
    """Date, status, page, where else it stands."""
    parts = [citation.published and f"published {in_words(citation.published)}", citation.status]
    parts.append(f"page {citation.page}" if citation.page else "")
    parts.append("also in " + "; ".join(citation.also_in) if citation.also_in else "")
    return [part for part in parts if part]


def pieces_of(text: str, marks: Sequence[Mark] = ()) -> list[Piece]:
    """A quotation in pieces: its tables, and the lines between them."""
    lines = _lines(text, marks)
    return [Piece(table, list(found)) for table, found in groupby(lines, key=lambda line: line.kind == "row")]


def _lines(text: str, marks: Sequence[Mark]) -> list[Line]:
    found, at = [], 0
    for raw in text.split("\n"):
        kind = "row" if _CELL in raw else "item" if raw.startswith("• ") else "line"
        skip = 2 if kind == "item" else 0
        found.append(Line(kind, _cells(text, at + skip, at + len(raw), marks)))
        at += len(raw) + 1
    return found


def _cells(text: str, start: int, end: int, marks: Sequence[Mark]) -> list[list[Run]]:
    cells, at = [], start
    while (stop := text.find(_CELL, at, end)) >= 0:
        cells.append(_runs(text, at, stop, marks))
        at = stop + len(_CELL)
    return [*cells, _runs(text, at, end, marks)]


def _runs(text: str, start: int, end: int, marks: Sequence[Mark]) -> list[Run]:
    runs, at = [], start
    for mark in marks:
        if mark.start < start or mark.end > end:
            continue
        if mark.start > at:
            runs.append(Run(text[at : mark.start], False))
        runs.append(Run(text[mark.start : mark.end], True))
        at = mark.end
    if at < end:
        runs.append(Run(text[at:end], False))
    return runs
