"""What PostgreSQL holds to and SQLite does not: how long a text may be, how big a number; that a text has no NUL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from knowledge.copying.nouns import CopyError
from knowledge.copying.rows import Row

_LARGEST = {sa.BigInteger: 1 << 63, sa.Integer: 1 << 31}


class Fitting:
    """Makes rows of a table fit for PostgreSQL. `without_nul`: texts from which a NUL was left out so far."""

    def __init__(self, table: sa.Table) -> None:
        self._table = table
        self.without_nul = 0

    def fit(self, rows: Sequence[Row]) -> list[Row]:
        """The rows as they can be held. Raises CopyError for one that cannot: nothing is cut off."""
        return [self._row(row) for row in rows]

    def _row(self, row: Row) -> Row:
        fitted = []
        for column, value in zip(self._table.columns, row, strict=True):
            if isinstance(value, str) and "\0" in value:
                value, self.without_nul = value.replace("\0", ""), self.without_nul + 1
            if reason := _too_large(column, value):
                raise CopyError(f"{self._table.name} {self._key(row)}: {column.name} {reason}")
            fitted.append(value)
        return tuple(fitted)

    def _key(self, row: Row) -> str:
        """Which row it is, by its keys. A key that is a text may be anything: its place is said by number only."""
        keys = [value for column, value in zip(self._table.columns, row, strict=True) if column.primary_key]
        return ", ".join(str(key) if isinstance(key, int) else "(a text)" for key in keys)


def _too_large(column: sa.Column[Any], value: Any) -> str:
    kind = column.type
    if isinstance(value, str) and isinstance(kind, sa.String) and kind.length and len(value) > kind.length:
        return f"has {len(value):,} characters, and PostgreSQL holds {kind.length:,}: put it right first"
    if isinstance(value, int) and isinstance(kind, sa.Integer):
        limit = next(size for known, size in _LARGEST.items() if isinstance(kind, known))
        return "" if -limit <= value < limit else "is a larger number than PostgreSQL holds: put it right first"
    return ""
