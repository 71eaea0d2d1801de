"""What is said of a copy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

Tell = Callable[[str, int, int], None]
"""Is told how far it is: the table, the rows of all tables that are done, of how many."""


class CopyError(Exception):
    """A record, or a backup, that cannot be copied. Its text says why, and what to do. Nothing has been changed."""


class Sum(NamedTuple):
    """What a table holds. `digest`: a sum over its rows' contents, whatever their order, the same on both engines, in
    hexadecimal."""

    rows: int
    digest: str


class Copied(NamedTuple):
    """What was copied. `sums`: by table; `without_nul`: texts from which a NUL character was left out, which
    PostgreSQL holds in no text."""

    sums: Mapping[str, Sum]
    without_nul: int = 0

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(one.rows for one in self.sums.values())

    @property
    def digest(self) -> str:
        """One for all tables."""
        return digest_of(self.sums)


def digest_of(sums: Mapping[str, Sum]) -> str:
    """One digest for these tables."""
    lines = "\n".join(f"{name}:{one.rows}:{one.digest}" for name, one in sorted(sums.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def nobody(table: str, done: int, of: int) -> None:
    """Tells nobody."""
