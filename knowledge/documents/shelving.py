"""Passages as they go into an index, one after the other: their rows, where their words stand, which are copies."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
from sqlite_utils import Database

from knowledge.documents.copies import Copies
from knowledge.documents.posting_rows import PostingRows
from knowledge.documents.ranking import STANDING
from knowledge.documents.references import in_locator
from knowledge.documents.sums import bands_in
from knowledge.documents.term_rows import letters
from knowledge.models import Access, Document, Passage
from knowledge.text import stem_of, stems, written

_HEAD = 2
"""What a word of the headings counts beside one of the text, where passages are proposed."""
_AT_ONCE = 1_000
"""Passages whose rows are written together."""
_OPEN_FIRST = (Access.PUBLIC, Access.INTERNAL, Access.CONFIDENTIAL)


class Shelf:
    """Takes passages. `wanted`: those, by document and anchor, that digests speak of. `size`: passages so far;
    `documents`: the access of those that have any; `numbered`: the numbers of `wanted` passages by document and anchor,
    and `access` theirs, and that of officers' answers; `surfaces`: every word as written, and how often."""

    def __init__(self, db: Database, wanted: Iterable[tuple[str, str]]) -> None:
        self._db, self._wanted = db, frozenset(wanted)
        self.size, self.surfaces, self.numbered = 0, Counter[str](), dict[tuple[str, str], int]()
        self.documents: dict[str, Access] = {}
        self.access: dict[int, Access] = {}
        self.postings = PostingRows(db, "passage")
        self._copies = Copies(db)
        self._places: list[tuple[str, str, int, str]] = []
        db.table("passage").create(
            {
                "n": int, "document": str, "locator": str, "anchor": str, "position": int, "access": str,
                "source": str, "head": str, "body": str, "copy_of": int, "superseded": int, "bands": str,
                "standing": float,
            },
            pk="n",
        )  # fmt: skip
        db.table("place").create({"kind": str, "number": str, "passage": int, "access": str})

    def put(self, passages: Iterable[tuple[Document, Passage, bool]], *, officers: bool = False) -> None:
        """Takes passages in, with their papers and whether a newer paper has replaced them. `officers`: they are
        officers' answers, which have no headings."""
        rows = (self._row(*one, officers=officers) for one in passages)
        while batch := list(islice(rows, _AT_ONCE)):
            columns = ", ".join(f":{name}" for name in batch[0])
            with self._db.conn as connection:
                connection.executemany(f"INSERT INTO passage VALUES ({columns})", batch)  # noqa: S608
                connection.executemany("INSERT INTO place VALUES (?, ?, ?, ?)", self._places)
            self._places.clear()

    def close(self) -> None:
        """Writes what can be said when all passages are in: where each stem stands, and which are copies."""
        stands, originals = np.arange(1, self.size + 1, dtype=np.int32), self._copies.originals() + 1
        copied = np.flatnonzero(originals != stands[: len(originals)])
        stands[copied] = originals[copied]
        of = zip(stands[copied].tolist(), (copied + 1).tolist(), strict=True)
        with self._db.conn as connection:
            connection.executemany("UPDATE passage SET copy_of = ? WHERE n = ?", of)
            connection.execute("DELETE FROM place WHERE passage IN (SELECT n FROM passage WHERE copy_of IS NOT NULL)")
        self.postings.close(stands)
        self._db.table("passage").create_index(["document", "anchor"])
        self._db.table("passage").create_index(["copy_of"])
        self._db.table("place").create_index(["kind", "number"])

    def _row(self, about: Document, passage: Passage, superseded: bool, *, officers: bool) -> dict[str, object]:
        self.size += 1
        self.documents.setdefault(about.id, about.access)  # one after the other: as many as there are, so far
        if (about.id, passage.anchor) in self._wanted:
            self.numbered[about.id, passage.anchor] = self.size
        if officers or (about.id, passage.anchor) in self._wanted:
            self.access[self.size] = about.access
        text, named = written(passage.text), written(" ".join((passage.locator, *passage.headings)))
        body = list(map(stem_of, text))
        head = [] if officers else [*map(stem_of, named), *stems(about.title)]
        self.surfaces.update(letters((*text, *named)))
        self._count(head, body, about.access)
        if not officers:
            closed = _OPEN_FIRST.index(about.access)
            self._copies.add(self.postings.numbering.of(body), len(self.documents), closed)
            found = in_locator(passage.locator)
            self._places += [(kind, number, self.size, about.access.value) for kind, number in found]
        return {
            "n": self.size,
            "document": about.id,
            "locator": passage.locator,
            "anchor": passage.anchor,
            "position": passage.position,
            "access": about.access.value,
            "source": passage.model_dump_json(),
            "head": " ".join(head),
            "body": " ".join(body),
            "copy_of": None,
            "superseded": int(superseded),
            "bands": json.dumps(bands_in(passage.text)),
            "standing": STANDING.get(about.status.lower(), 1.0),
        }

    def _count(self, head: Sequence[str], body: Sequence[str], access: Access) -> None:
        stems = Counter(body)
        for stem in head:
            stems[stem] += _HEAD
        self.postings.add(stems, access, long=len(head) + len(body), own=len(body))
