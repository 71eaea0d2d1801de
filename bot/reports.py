"""A report drawn: as HTML that stands by itself, as CSV, as JSON, in the terminal."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from rich.console import Console
from rich.table import Table as Grid

from bot.terminal import clean, plain
from handlers.reports.making import subtitle
from handlers.reports.nouns import Chart, Report, Table
from knowledge.register.exporting import cell as safe_cell

FOLDER = Path(__file__).parent / "data" / "reports"
"""Templates and style, for the pages as for files."""
STYLE = FOLDER / "report.css"
_LABEL = 30
"""Characters of a chart's label that fit a telephone; the table has the whole."""
_BAR = 20
"""Characters of the longest bar in a terminal."""


def shorten(label: str) -> str:
    """A chart's label, cut where it would not fit."""
    return label if len(label) <= _LABEL else f"{label[: _LABEL - 1].rstrip()}…"


def as_html(report: Report) -> str:
    """The report as one HTML page that needs nothing else: no script, nothing from anywhere."""
    alone = (FOLDER / "alone.css").read_text(encoding="utf-8")
    style = STYLE.read_text(encoding="utf-8")
    template = _templates().get_template("report_file.html")
    return template.render(report=report, subtitle=subtitle(report), alone=_Style(alone), style=_Style(style))


class _Style(str):
    """Our own style sheet, which stands in the page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@cache
def _templates() -> Environment:
    made = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True)
    made.filters["shorten"] = shorten
    return made


def as_csv(report: Report) -> str:
    """The report's figures, a line each: table, row, column, the figure for machines and as people read it. No cell is
    taken for a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["section", "table", "row", "column", "value", "as shown"])
    for section in report.sections:
        for table in section.tables:
            for row in table.rows:
                for column, one in zip(table.columns[1:], row[1:], strict=True):
                    value = "" if one.value is None else str(one.value)
                    line = (section.name, table.name, row[0].said, column.name, value, one.said)
                    writer.writerow([safe_cell(part) for part in line])
    return stream.getvalue()


def as_json(report: Report) -> dict[str, Any]:
    """The report as an object: `title`, `about`, `from`, `to`, `made_on`, `key_figures`, and `tables` by name: lists of
    rows, each an object by column; null is none, and what is not shown, which `not_shown` names."""
    wish = report.wish
    return {
        "title": report.title, "about": wish.about.value, "subject": wish.subject, "council": report.council,
        "from": wish.period.first.isoformat(), "to": wish.period.last.isoformat(),
        "made_on": report.made_on.isoformat(), "key_figures": dict(report.key_figures),
        "tables": {table.name: _rows(table) for section in report.sections for table in section.tables},
        "notes": list(report.notes),
    }  # fmt: skip


def _rows(table: Table) -> list[dict[str, Any]]:
    found = []
    for row in table.rows:
        cells = dict(zip((column.name for column in table.columns), row, strict=True))
        hidden = [name for name, one in cells.items() if one.hidden]
        found.append({**{name: one.value for name, one in cells.items()}, **({"not_shown": hidden} if hidden else {})})
    return found


def show_report(report: Report, to: Console) -> None:
    """Prints a report."""
    to.print(plain(report.title), style="bold")
    to.print(plain(subtitle(report)), style="dim")
    for name, said in report.key_figures:
        to.print(f"  {plain(name)}: [bold]{plain(said)}[/]")
    for section in report.sections:
        to.print(f"\n[bold]{plain(section.title)}[/]")
        for said in section.says:
            to.print(clean(said), markup=False)
        for table in section.tables:
            _show_table(table, to)
        to.print(plain(section.source), style="dim")
    for note in report.notes:
        to.print(f"\n{clean(note)}", style="dim", markup=False)


def _show_table(table: Table, to: Console) -> None:
    drawn = Grid(title=plain(table.caption), title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in table.columns:
        drawn.add_column(plain(column.heading), justify="right" if column.number else "left", overflow="fold")
    bars = _bars(table.chart)
    if bars:
        drawn.add_column("")
    for row in table.rows:
        drawn.add_row(*(plain(one.said) for one in row), *([bars.get(row[0].said, "")] if bars else []))
    to.print(drawn)


def _bars(chart: Chart | None) -> dict[str, str]:
    """A chart's bars by label, of characters."""
    return {bar.label: "▇" * round((bar.length or 0) * _BAR) for bar in chart.bars} if chart else {}
