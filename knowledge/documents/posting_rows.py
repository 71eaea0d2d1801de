"""Where each stem stands, counted while an index is filled, and written into it."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from knowledge.documents.bags import Numbering
from knowledge.documents.postings import ACCESSES, ANYBODY
from knowledge.models import Access

_AT_ONCE = 50_000
"""Texts whose postings are gathered in memory before they are written."""
_MOST = np.iinfo(np.uint16).max


def posting_tables(db: Database) -> None:
    """Makes the tables. `measured`: of each kind of text, an array for what is known of each: its length in words, the
    number of its access, the text that stands for it; `average`: words in one."""
    columns = {"kind": str, "stem": str, "part": int, "texts": bytes, "counts": bytes}
    db.table("posting").create(columns, pk=("kind", "stem", "part"))
    db.table("measured").create(
        {"kind": str, "lengths": bytes, "readers": bytes, "stands": bytes, "average": float}, pk="kind"
    )


class PostingRows:
    """The postings of one kind of text, from its first to its last. `counted`: in how many texts each stem stands, of
    those that are written; `numbering`: of the stems; `at_once`: texts whose postings are gathered in memory before
    they are written."""

    def __init__(self, db: Database, kind: str, at_once: int = _AT_ONCE) -> None:
        self._db, self._kind, self._part, self._at_once = db, kind, 0, at_once
        self.numbering, self.counted = Numbering(), Counter[str]()
        self._stems, self._counts, self._sizes = array("i"), array("i"), array("i")
        self._lengths, self._readers, self._own = array("i"), bytearray(), 0

    def add(self, stems: Counter[str], access: Access | None, *, long: int, own: int) -> None:
        """One text more. `stems`: what each counts; `access`: None where anybody may read it; `long`: its words in
        all; `own`: those that the average counts."""
        self._stems.extend(map(self.numbering.__getitem__, stems))
        self._counts.extend(stems.values())
        self._sizes.append(len(stems))
        self._readers.append(ANYBODY if access is None else ACCESSES.index(access))
        self._lengths.append(long)
        self._own += max(1, own)
        if len(self._sizes) == self._at_once:
            self._write()

    def close(self, stands: NDArray[np.int32] | None = None) -> None:
        """Writes the rest. `stands`: of each text the number of the one that stands for it."""
        self._write()
        self._db.table("measured").insert(
            {
                "kind": self._kind, "lengths": self._lengths.tobytes(), "readers": bytes(self._readers),
                "stands": b"" if stands is None else stands.tobytes(),
                "average": max(1.0, self._own / len(self._lengths)) if self._lengths else 1.0,
            }
        )  # fmt: skip

    def _write(self) -> None:
        if self._sizes:
            rows = self._rows()
            with self._db.conn as connection:
                connection.executemany("INSERT INTO posting VALUES (:kind, :stem, :part, :texts, :counts)", rows)
        self._part += 1
        self._stems, self._counts, self._sizes = array("i"), array("i"), array("i")

    def _rows(self) -> Iterator[dict[str, object]]:
        stems, counts, texts = self._by_stem()
        opens, names = np.flatnonzero(np.diff(stems, prepend=-1)), list(self.numbering)
        for start, end in pairwise([*opens.tolist(), len(stems)]):
            stem = names[stems[start]]
            self.counted[stem] += end - start
            yield {
                "kind": self._kind, "stem": stem, "part": self._part,
                "texts": texts[start:end].tobytes(), "counts": counts[start:end].tobytes(),
            }  # fmt: skip

    def _by_stem(self) -> tuple[NDArray[np.int32], NDArray[np.uint16], NDArray[np.int32]]:
        """What is gathered, by stem and then by text: the stems' numbers, what each counts, and in which text."""
        stems = np.frombuffer(self._stems, np.int32)
        counts = np.minimum(np.frombuffer(self._counts, np.int32), _MOST).astype(np.uint16)
        before = len(self._readers) - len(self._sizes)
        texts = np.repeat(np.arange(before, len(self._readers), dtype=np.int32), self._sizes)
        order = np.argsort(stems, kind="stable")
        return stems[order], counts[order], texts[order]
