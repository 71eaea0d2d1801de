"""The shape of a file's rows: which are none, and which do not stand under their headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.register.reading.grid import Row
from knowledge.register.reading.headings import Columns
from knowledge.register.reading.rows import Plan

_TOTAL = re.compile(
    r"(grand|sub|overall|running)?[\s-]*totals?(\s+(value|sum|number|spend|amount|of|for|contracts?|all|count|cost|gbp)\b"
    r".{0,40})?\s*[:=]?\s*[£\d,.\s]*",
    re.I,
)


def no_row(row: Row, plan: Plan, notes: list[str]) -> bool:
    """Whether this is a total, or the headings over again, as below a page's end."""
    if [" ".join(cell.split()) for cell in row.cells] == plan.headings[: len(row.cells)] and len(row.cells) > 1:
        notes.append(f"line {row.line} repeats the headings")
        return True
    places = [at for name in ("reference", "title") if (at := plan.columns.fields.get(name)) is not None]
    named = [row.cells[at] for at in places if at < len(row.cells) and row.cells[at]]
    cells = [cell for cell in row.cells if cell]
    total = any(_TOTAL.fullmatch(cell) for cell in cells) and all(_TOTAL.fullmatch(cell) for cell in named)
    if total and len(cells) <= max(4, len(plan.headings) // 3):
        notes.append(f"line {row.line} is a total")
        return True
    return False


@dataclass(frozen=True)
class Usual:
    """How long a text file's rows are, and which columns they fill."""

    width: int
    longest: int
    full: int
    filled: Counter[int]
    columns: Columns

    @classmethod
    def of(cls, rows: Sequence[Row], width: int, columns: Columns) -> Usual:
        """Of these rows, under headings of this width."""
        lengths = Counter(len(row.cells) for row in rows if not row.broken)
        longest = max(width, lengths.most_common(1)[0][0]) if lengths else width
        full = [row for row in rows if len(row.cells) >= width and not row.broken]
        short = any(len(row.cells) < width for row in rows)
        filled = Counter(at for row in full for at, cell in enumerate(row.cells) if cell) if short else Counter()
        return cls(width, longest, len(full), filled, columns)

    def why_not(self, cells: Sequence[str]) -> str:
        """Why a row of this length cannot be told to hold its cells under their headings; "" where it can. One that
        only lacks cells at its end, which others mostly leave empty or nothing is made of, can."""
        if len(cells) > self.longest or any(cells[self.width :]):
            return f"too many cells: {len(cells)} under {self.width} headings"
        used = set(self.columns.fields.values())
        lacking = [at for at in range(len(cells), self.width) if at in used and self.filled[at] * 2 > self.full]
        if lacking or (len(cells) < self.width and len(cells) * 2 <= self.width):
            return f"too few cells: {len(cells)} under {self.width} headings"
        return ""
