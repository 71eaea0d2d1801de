"""What became of what a paper proposed, where a later paper says so and documents.csv cannot: the pack's replaced.csv,
with the words by which the older passages speak of it, and the place that tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from knowledge.models import Passage

NAME = "replaced.csv"
_COLUMNS = ("document", "words", "by", "locator", "note")


class Replaced(NamedTuple):
    """A row. `words`: what a passage of `document` says that speaks of it; `by`, `locator`: where what became of it
    stands; `note`: that in a sentence of ours, with no full stop."""

    document: str
    words: str
    by: str
    locator: str
    note: str


def replaced_of(number: int, row: Mapping[str, str | None]) -> Replaced:
    """A row of the file. Raises ValueError, which names the line."""
    given = [(row.get(name) or "").strip() for name in _COLUMNS]
    if lacking := [name for name, value in zip(_COLUMNS, given, strict=True) if not value]:
        raise ValueError(f"{NAME}, line {number}: needs {', '.join(lacking)}")
    return Replaced(*given)


def replacement(passage: Passage, rows: Iterable[Replaced]) -> Replaced | None:
    """What became of what a passage proposes, None where nothing is known of it."""
    said = f" {' '.join(passage.text.lower().split())} "
    return next((row for row in rows if row.document == passage.document and row.words.lower() in said), None)
