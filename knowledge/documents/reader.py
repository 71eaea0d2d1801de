"""The index as it is read: passages, places, documents, counts. One object may serve many threads."""

from __future__ import annotations

import json
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from knowledge.documents.asker import Asker, Count
from knowledge.documents.bags import Bag, Numbering, Sets
from knowledge.documents.kept import Kept
from knowledge.documents.postings import Postings
from knowledge.documents.ranking import SUPERSEDED, Row
from knowledge.documents.references import Reference
from knowledge.documents.voices import Heard
from knowledge.indexfile import open_for_reading
from knowledge.models import Access, Document, Passage
from knowledge.pack import Pack, Saying
from knowledge.questions.learnt import OwnEntry
from knowledge.vocabulary import Vocabulary

T = TypeVar("T")
_KEPT = 4_096
"""Passages and entries kept taken apart, so that a desk that has been asked answers the sooner."""
_KEPT_WORDS = 50_000
"""Words of which it is kept where they stand."""
_AT_ONCE = 500
"""Passages looked through together."""


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
        averages = dict(self.rows("SELECT kind, average FROM measured"))
        self._average, self._average_entry = averages["passage"], averages["entry"]
        self.postings = {kind: Postings(kind, self.rows) for kind in averages}
        self.size = self.postings["passage"].size
        self._digested = frozenset(row[0] for row in self.rows("SELECT document FROM digested"))
        self._derived: dict[str, Any] = {}
        self.numbering = Numbering()
        self._kept_counts = Kept[str, Count](self._read_counts, _KEPT_WORDS)
        self._kept_passages = Kept[int, Passage](self._read_passages, _KEPT)
        self.passage_rows = Kept[int, Row](self._read_rows, _KEPT)
        self.entries_heard = Kept[int, Heard](self._read_heard, _KEPT)
        self.unsaid_asks = Kept[int, Sets](self._read_unsaid, _KEPT)
        self.asker = Asker(self.vocabulary, surfaces, self._counts, self.size, self.postings["entry"].size)

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

    def references(self, access: frozenset[Access]) -> Mapping[Reference, tuple[int, ...]]:
        """The passages each numbered place leads to, in documents of this access."""
        return self.derived(f"places {sorted(access)}", lambda: self._references(access))

    def _references(self, access: frozenset[Access]) -> Mapping[Reference, tuple[int, ...]]:
        rows = self.rows(
            f"SELECT kind, number, passage FROM place WHERE access IN ({marks(access)}) ORDER BY rowid", [*access]
        )
        found: dict[Reference, list[int]] = {}
        for kind, number, passage in rows:
            found.setdefault(Reference(kind, number), []).append(passage)
        return {place: tuple(numbers) for place, numbers in found.items()}

    @cached_property
    def row_letters(self) -> frozenset[str]:
        """The letters by which some document numbers its rows: "R" for R1 to R27."""
        return frozenset(kind for (kind,) in self.rows("SELECT DISTINCT kind FROM place") if kind.isupper())

    def around(self, number: int) -> list[int]:
        """The passages right before and after one in its document."""
        rows = self.rows(
            "SELECT n FROM passage WHERE n BETWEEN ? AND ? AND document = (SELECT document FROM passage WHERE n = ?)",
            [number - 2, number + 2, number],
        )
        return [row[0] for row in rows if row[0] != number]

    def passage(self, number: int) -> Passage:
        """A passage whole."""
        return self._kept_passages.get([number])[0]

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

    def _read_passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        rows = self.rows(f"SELECT n, source FROM passage WHERE n IN ({marks(numbers)})", numbers)
        return {number: Passage.model_validate_json(source) for number, source in rows}

    def _read_heard(self, numbers: Sequence[int]) -> dict[int, Heard]:
        """Digest entries as they are compared."""
        rows = self.rows(
            "SELECT e.n, coalesce(p.copy_of, e.passage), e.body, e.asks FROM entry e"
            f" LEFT JOIN passage p ON p.n = e.passage WHERE e.n IN ({marks(numbers)})",
            numbers,
        )
        return {
            n: Heard(n, passage, Bag.of(body, self.numbering), Sets.of(json.loads(asks), self.numbering))
            for n, passage, body, asks in rows
        }

    def _read_rows(self, numbers: Sequence[int]) -> dict[int, Row]:
        """Passages as they are ranked."""
        rows = self.rows(
            "SELECT n, document, body, head, superseded, bands, access, standing FROM passage"
            f" WHERE n IN ({marks(numbers)})",
            numbers,
        )
        return {
            n: Row(
                n, Bag.of(body, self.numbering), self.numbering.of(dict.fromkeys(head.split())),
                document in self._digested, json.loads(bands), Access(access), standing * (SUPERSEDED if old else 1.0),
            )
            for n, document, body, head, old, bands, access, standing in rows
        }  # fmt: skip

    def _read_unsaid(self, numbers: Sequence[int]) -> dict[int, Sets]:
        rows = self.rows(f"SELECT n, body FROM unsaid WHERE n IN ({marks(numbers)})", numbers)
        return {n: Sets.of([body], self.numbering) for n, body in rows}

    def says(self, phrase: Sequence[str], access: frozenset[Access]) -> bool:
        """Whether these stems stand in a row in some passage of this access."""
        numbers = self.postings["passage"].holding(phrase, access)
        return bool(numbers) if len(phrase) == 1 else any(self._holds(" ".join(phrase), numbers))

    def _holds(self, phrase: str, numbers: Sequence[int]) -> Iterator[bool]:
        """Whether stems stand in a row in the texts or headings of some passages, of as many as are read at once."""
        for start in range(0, len(numbers), _AT_ONCE):
            part = numbers[start : start + _AT_ONCE]
            yield bool(
                self.rows(
                    "SELECT 1 FROM passage WHERE (instr(' ' || body || ' ', ?) OR instr(' ' || head || ' ', ?))"
                    f" AND n IN ({marks(part)}) LIMIT 1",
                    [f" {phrase} ", f" {phrase} ", *part],
                )
            )

    def _counts(self, stems: Sequence[str]) -> dict[str, Count]:
        return dict(self._kept_counts.items(stems))

    def _read_counts(self, stems: Sequence[str]) -> dict[str, Count]:
        rows = self.rows(f"SELECT stem, passages, entries, tells FROM term WHERE stem IN ({marks(stems)})", stems)
        return {stem: Count(passages, entries, tells) for stem, passages, entries, tells in rows}


def marks(given: Sized) -> str:
    """As many question marks as there are values given, for SQL."""
    return ",".join("?" * len(given))
