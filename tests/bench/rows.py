"""What every measure gives: rows of one shape, drawn and stored as one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One figure. `measure`: what was done; `size`: on how much ("50 k passages", "4 workers"); `ours`: the desk's
    figure in `unit` ("ms", "a second", "MB"); `beside`: what else did the same in the same run, and `theirs`: its
    figure in the same unit; both empty where nothing else does it."""

    measure: str
    size: str
    ours: float
    unit: str
    beside: str = ""
    theirs: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of theirs; None with nothing beside it. For "a second", more is better; for times and
        sizes, less."""
        return self.ours / self.theirs if self.theirs else None

    def __str__(self) -> str:
        """In a line, as progress."""
        return ", ".join(part for part in cells(self) if part)

    def as_json(self) -> dict[str, object]:
        """As it is stored: the fields and the ratio."""
        return asdict(self) | {"ratio": None if self.ratio is None else round(self.ratio, 3)}


def figure(value: float | None) -> str:
    """Three figures that count, thousands with commas; empty for None."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def cells(row: Row) -> tuple[str, ...]:
    """A row as it is shown: measure, size, ours, beside, theirs, ratio."""
    ours, theirs = (
        f"{figure(value)} {row.unit}".strip() if value is not None else "" for value in (row.ours, row.theirs)
    )
    return row.measure, row.size, ours, row.beside, theirs, f"{figure(row.ratio)} x" if row.ratio else ""


def draw(rows: Iterable[Row], console: Console | None = None, title: str = "") -> None:
    """Rows as a table in the terminal."""
    table = Table("measure", "size", "ours", "beside", "theirs", "ratio", title=title or None)
    for row in rows:
        table.add_row(*cells(row))
    (console or Console(width=140)).print(table)


def as_markdown(rows: Iterable[Row], machine: str) -> str:
    """Rows as a table for a page, under the machine they were measured on."""
    head = "| measure | size | ours | beside | theirs | ratio |\n|---|---|---|---|---|---|\n"
    return f"{machine}.\n\n{head}" + "".join(f"| {' | '.join(cells(row))} |\n" for row in rows)
