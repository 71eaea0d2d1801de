"""Numbers that are put aside while an index is filled, in parts, so that memory need hold but one part at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

PARTS = 64
"""Into how many parts numbers are put: memory holds about so many times less than all of them."""

Keys = NDArray[np.uint64]
Beside = NDArray[np.int32]


class Aside:
    """Keys, and a number beside each, in a file of SQLite's own that goes with the connection. `name`: no other's."""

    def __init__(self, db: Database, name: str) -> None:
        self._connection, self._name = db.conn, name
        self._connection.execute(f"CREATE TEMP TABLE {name} (part INTEGER, keys BLOB, beside BLOB)")
        self._connection.execute(f"CREATE INDEX temp.{name}_part ON {name} (part)")

    def put(self, parts: NDArray[np.uint8], keys: Keys, beside: Beside) -> None:
        """Puts numbers aside. `parts`: the part of each, below PARTS."""
        order = np.argsort(parts, kind="stable")
        ends = np.searchsorted(parts[order], np.arange(PARTS + 1)).tolist()
        keys, beside = keys[order], beside[order]
        rows = (
            (part, keys[start:end].tobytes(), beside[start:end].tobytes())
            for part, (start, end) in enumerate(pairwise(ends))
            if end > start
        )
        self._connection.executemany(f"INSERT INTO temp.{self._name} VALUES (?, ?, ?)", rows)  # noqa: S608

    def taken(self) -> Iterator[tuple[Keys, Beside]]:
        """Every part in which there is anything, in order; what is in one is in the order in which it was put there."""
        sql = f"SELECT keys, beside FROM temp.{self._name} WHERE part = ? ORDER BY rowid"  # noqa: S608
        for part in range(PARTS):
            if rows := self._connection.execute(sql, [part]).fetchall():
                keys, beside = (b"".join(column) for column in zip(*rows, strict=True))
                yield np.frombuffer(keys, np.uint64), np.frombuffer(beside, np.int32)
        self._connection.execute(f"DROP TABLE temp.{self._name}")
