"""The index as it is read: passages, places, documents, counts. One object may serve many threads."""

from __future__ import annotations

import json
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from knowledge.documents.asker import Asker, Count
from knowledge.documents.ranking import Row
from knowledge.documents.references import Reference, in_locator
from knowledge.documents.voices import Heard
from knowledge.indexfile import open_for_reading
from knowledge.models import Access, Document, Passage
from knowledge.pack import Pack, Saying
from knowledge.questions.learnt import OwnEntry
from knowledge.vocabulary import Vocabulary

T = TypeVar("T")
_KEPT = 4_096
"""Passages and entries kept taken apart, so that a desk that has been asked answers the sooner."""


@dataclass(frozen=True)
class Entry:
    """A digest entry as the index holds it. `passage`: its number, None where the paper is not held; `id`: as its pack,
    or the record, has it."""

    document: str
    locator: str
    digest: str
    passage: int | None
    id: str = ""
    asks: tuple[str, ...] = ()


class Reader:
    """What an index holds. A rebuilt file wants a new object."""

    def __init__(self, path: Path, pack: Pack) -> None:
        self._connection = open_for_reading(path)
        self._reading = threading.Lock()
        weakref.finalize(self, self._connection.close).atexit = False  # a thread may still read at the end
        rows = self.rows("SELECT say, means, kind FROM saying ORDER BY say, kind")
        own = [Saying(say, tuple(means.split("|")), kind) for say, means, kind in rows]
        self.vocabulary = Vocabulary.of((*pack.vocabulary, *own), pack.same)
        self.papers = pack.papers
        self.checklists = pack.checklists
        self.replaced = pack.replaced
        surfaces = dict(self.rows("SELECT surface, count FROM word ORDER BY count DESC, surface"))
        self.size = self.rows("SELECT count(*) FROM passage")[0][0]
        self._average = self._average_length("passage")
        self._average_entry = self._average_length("entry")
        entries = self.rows("SELECT count(*) FROM entry")[0][0]
        self._digested = self._digested_papers()
        self.asker = Asker(self.vocabulary, surfaces, self._counts, self.size, entries)

        self._derived: dict[str, Any] = {}
        self.heard = lru_cache(maxsize=_KEPT)(self._heard)
        self.row = lru_cache(maxsize=_KEPT)(self._row)

    # reading

    def rows(self, sql: str, given: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        """What SQL finds."""
        with self._reading:  # one connection for all threads: opened again, it might be another file's
            return list(self._connection.execute(sql, tuple(given)).fetchall())

    def derived(self, name: str, make: Callable[[], T]) -> T:
        """What is made of the index once and kept with it, by a name."""
        if name not in self._derived:
            self._derived[name] = make()
        return self._derived[name]  # type: ignore[no-any-return]

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Every document, in order."""
        rows = self.rows("SELECT id, about FROM document ORDER BY position")
        return {id: Document.model_validate_json(about) for id, about in rows}

    def readable(self, access: frozenset[Access]) -> int:
        """How many documents are of this access."""
        return sum(about.access in access for about in self.documents.values())

    @cached_property
    def _places(self) -> list[tuple[Reference, int, Access]]:
        rows = self.rows("SELECT n, locator, access FROM passage WHERE copy_of IS NULL ORDER BY n")
        return [(place, n, Access(access)) for n, locator, access in rows for place in in_locator(locator)]

    def references(self, access: frozenset[Access]) -> dict[Reference, tuple[int, ...]]:
        """The passages each numbered place leads to, in documents of this access."""
        found: dict[Reference, tuple[int, ...]] = {}
        for place, number, seen_by in self._places:
            if seen_by in access:
                found[place] = (*found.get(place, ()), number)
        return found

    @cached_property
    def row_letters(self) -> frozenset[str]:
        """The letters by which some document numbers its rows: "R" for R1 to R27."""
        return frozenset(place.kind for place, _, _ in self._places if place.kind.isupper())

    def around(self, number: int) -> list[int]:
        """The passages right before and after one in its document."""
        rows = self.rows(
            "SELECT n FROM passage WHERE abs(n - ?) <= 2 AND document = (SELECT document FROM passage WHERE n = ?)",
            [number, number],
        )
        return [row[0] for row in rows if row[0] != number]

    def passage(self, number: int) -> Passage:
        """A passage whole."""
        return Passage.model_validate_json(self.rows("SELECT source FROM passage WHERE n = ?", [number])[0][0])

    def document_of(self, number: int) -> str:
        """The id of the document a passage stands in."""
        return str(self.rows("SELECT document FROM passage WHERE n = ?", [number])[0][0])

    def numbers(self, ids: Sequence[str]) -> list[int]:
        """The numbers of passages by their ids; those that are gone are left out."""
        found = []
        for id in ids:
            document, _, anchor = id.partition("#")
            found += self.rows("SELECT n FROM passage WHERE document = ? AND anchor = ?", [document, anchor])
        return [row[0] for row in found]

    def at(self, places: Sequence[tuple[str, str]], access: frozenset[Access]) -> list[int]:
        """The numbers of passages by document and locator, those of this access."""
        found = []
        for place in places:
            found += self.rows(
                f"SELECT n FROM passage WHERE document = ? AND locator = ? AND access IN ({marks(access)})",
                [*place, *access],
            )
        return [row[0] for row in found]

    def copies(self, number: int, access: frozenset[Access] = frozenset(Access)) -> list[tuple[str, str]]:
        """Where else a passage stands, among the documents of this access: document and locator."""
        rows = self.rows("SELECT document, locator, access FROM passage WHERE copy_of = ? ORDER BY n", [number])
        return [(document, locator) for document, locator, seen_by in rows if seen_by in set(access)]

    def entry(self, number: int) -> Entry:
        """A digest entry."""
        sql = "SELECT document, locator, digest, passage, id, said FROM entry WHERE n = ?"
        document, locator, digest, passage, id, said = self.rows(sql, [number])[0]
        return Entry(document, locator, digest, passage, id, tuple(json.loads(said)))

    def knows(self, stems: Sequence[str]) -> frozenset[str]:
        """Which of these stems stand in some paper or digest entry."""
        return frozenset(self._counts(stems))

    def own(self, id: str) -> OwnEntry | None:
        """One of the council's own digest entries; None where the id is another's."""
        rows = self.rows("SELECT about FROM own WHERE id = ?", [id])
        return OwnEntry.model_validate_json(rows[0][0]) if rows else None

    def _heard(self, number: int) -> Heard:
        """A digest entry as it is compared."""
        rows = self.rows(
            "SELECT coalesce(p.copy_of, e.passage), e.body, e.asks FROM entry e LEFT JOIN passage p ON p.n = e.passage"
            " WHERE e.n = ?",
            [number],
        )
        passage, body, asks = rows[0]
        return Heard(number, passage, Counter(body.split()), tuple(frozenset(ask.split()) for ask in json.loads(asks)))

    def _row(self, number: int) -> Row | None:
        """A passage as it is ranked; None where there is none of this number."""
        rows = self.rows(
            "SELECT document, body, head, superseded, bands, access, standing FROM passage WHERE n = ?", [number]
        )
        for document, body, head, old, bands, access, standing in rows:
            digested = document in self._digested
            return Row(
                number, Counter(body.split()), frozenset(head.split()), bool(old), digested, json.loads(bands),
                Access(access), standing,
            )  # fmt: skip
        return None

    def says(self, phrase: Sequence[str], access: frozenset[Access]) -> bool:
        """Whether these stems stand in a row in some passage of this access."""
        quoted = '"' + " ".join(phrase).replace('"', "") + '"'
        return bool(
            self.rows(
                "SELECT 1 FROM passage_fts f JOIN passage p ON p.n = f.rowid"
                f" WHERE passage_fts MATCH ? AND p.access IN ({marks(access)}) LIMIT 1",
                [quoted, *access],
            )
        )

    def _counts(self, stems: Sequence[str]) -> dict[str, Count]:
        rows = self.rows(f"SELECT stem, passages, entries, tells FROM term WHERE stem IN ({marks(stems)})", stems)
        return {stem: Count(passages, entries, tells) for stem, passages, entries, tells in rows}

    def _digested_papers(self) -> frozenset[str]:
        """The documents of which the digest knows at least half the passages: of the others there is nothing that
        people would ask for. (One answer taught by an officer makes no digest.)"""
        rows = self.rows(
            "SELECT document FROM passage GROUP BY document"
            " HAVING 2 * sum(n IN (SELECT passage FROM entry) OR copy_of IS NOT NULL) >= count(*)"
        )
        return frozenset(row[0] for row in rows)

    def _average_length(self, table: str) -> float:
        rows = self.rows(f"SELECT avg(length(body) - length(replace(body, ' ', '')) + 1) FROM {table}")
        return max(1.0, rows[0][0] or 1.0)


def marks(given: Sized) -> str:
    """As many question marks as there are values given, for SQL."""
    return ",".join("?" * len(given))
