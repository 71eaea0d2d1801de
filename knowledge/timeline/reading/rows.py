"""What the rows of every table have in common: their numbers, and what is kept of one that could not be taken."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from knowledge.register.reading.grid import Row
from knowledge.timeline.nouns import Terms
from knowledge.timeline.reading.opening import Table

_LONGEST = 2_000
"""Characters of a cell kept with a problem."""


def records(table: Table, line: int) -> Iterator[tuple[int, Row]]:
    """The rows below the headings' line that hold anything, numbered from 1."""
    below = (row for row in table.rows() if row.line > line and (row.broken or any(row.cells)))
    yield from enumerate(below, start=1)


def cells_of(row: Row, headings: Sequence[str], private: Collection[str] = ()) -> dict[str, str]:
    """A row's cells by heading, for a person to look at. `private`: headings of what is kept nowhere."""
    names = [*headings, *(f"column {at + 1}" for at in range(len(headings), len(row.cells)))]
    named = zip(names, row.cells, strict=False)
    return {name or "no heading": cell[:_LONGEST] for name, cell in named if cell and name not in private}


def terms_of(values: Mapping[str, Any]) -> Terms:
    """Terms of values our own readers made, not checked again. All that say the same fields share those fields' names:
    a set of names for each would take more room than what they say."""
    return Terms.model_construct(_fields_set=_shared(frozenset(values)), **values)


@lru_cache(maxsize=1_000)
def _shared(names: frozenset[str]) -> set[str]:
    return set(names)
