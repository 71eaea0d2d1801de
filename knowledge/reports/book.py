"""The numbers of a report by table, row and column, and which of them are not shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.reports.disclosure import Rules, withheld
from knowledge.reports.nouns import InTime, Timely

WHOLE = ("whole", "")

Key = tuple[str, str, str]
"""A number of a report: which table, which row, which column."""


@dataclass(frozen=True)
class Book:
    """Numbers, and those that are not shown."""

    values: Mapping[Key, int]
    hidden: frozenset[Key]

    def of(self, *key: str) -> int | None:
        """A number: 0 where nothing counts in it, None where it is not shown."""
        found = (key[0], key[1], key[2])
        return None if found in self.hidden else self.values.get(found, 0)


def book_of(kinds: Mapping[Any, int], rules: Rules) -> Book:
    """The numbers of so many of each kind."""
    values: Counter[Any] = Counter()
    for kind, count in kinds.items():
        values.update(dict.fromkeys(rules.cells(kind), count))
    return Book(values, withheld(kinds, rules))


def in_time(book: Book, table: str, row: str, what: str) -> InTime:
    """How many of a row were in time, how many late. `what`: how the columns' names begin."""
    return InTime(*(book.of(table, row, f"{what}{timely}") for timely in (Timely.IN_TIME, Timely.LATE)))
