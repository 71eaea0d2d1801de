"""Searching: which passages answer a question, best first, and how surely.

FTS5 proposes candidates; the ranking is ours, from counts that are the same on every machine. Three things speak for
a passage: its words, its headings, and the digest's ways of asking for it.
"""

from __future__ import annotations

import json
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from knowledge.documents.index import open_for_reading
from knowledge.documents.query import Asker, Count, Query, Term
from knowledge.documents.references import Reference, in_locator
from knowledge.documents.sums import Band, falls_in
from knowledge.models import Access, Document, Passage
from knowledge.pack import Pack
from knowledge.vocabulary import Vocabulary

CANDIDATES = 60
"""Passages and entries FTS5 proposes."""
UNDIGESTED = 1.0
"""What the words of a passage count for the digest it has not got, so that a paper nobody has digested yet is found
beside papers somebody has."""
NEAR = 0.5
"""What it counts that a conversation is about a passage."""
FITS = 0.45
"""What it counts that a sum asked about falls in a band of money the passage speaks of; and against it, that it falls
in none."""
SUPERSEDED = 0.85
"""What is left of a passage's score when a newer paper has replaced it."""


@dataclass(frozen=True)
class Weights:
    """What each voice counts, fitted on the development questions (the optimum is flat: half or double of any of them
    changes little). `broad`: the share of a digest entry's words together beside its one best way of asking;
    `spare`: what words take off that a way of asking has and the question has not."""

    body: float = 0.4
    head: float = 0.3
    digest: float = 1.5
    broad: float = 0.5
    spare: float = 0.4


WEIGHTS = Weights()


@dataclass(frozen=True)
class Found:
    """A passage that may answer. `score` compares passages of one question; `cover` is the share of what was asked
    (0 to 1) that the passage and its digest speak of; `entry` the digest entry that spoke for it, by number; `fits`: a
    sum asked about falls in a band of money it speaks of."""

    number: int
    score: float
    cover: float
    entry: int | None = None
    voices: dict[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    fits: bool = False


@dataclass(frozen=True)
class Entry:
    """A digest entry as the index holds it. `passage`: its number, None where the paper is not held."""

    document: str
    locator: str
    digest: str
    passage: int | None


@dataclass
class _Row:
    number: int
    document: str
    body: Counter[str]
    length: int
    head: frozenset[str]
    superseded: bool
    bands: list[Band]


class Index:
    """An open index. One object may serve many threads; a rebuilt file wants a new object."""

    def __init__(self, path: Path, pack: Pack) -> None:
        self._connection = open_for_reading(path)
        self._reading = threading.Lock()
        weakref.finalize(self, self._connection.close)
        self.vocabulary = Vocabulary.of(pack.vocabulary, pack.same)
        self.papers = pack.papers
        surfaces = dict(self._rows("SELECT surface, count FROM word ORDER BY count DESC, surface"))
        self.size = self._rows("SELECT count(*) FROM passage")[0][0]
        self._average = self._average_length("passage")
        self._average_entry = self._average_length("entry")
        entries = self._rows("SELECT count(*) FROM entry")[0][0]
        self._digested = frozenset(row[0] for row in self._rows("SELECT DISTINCT passage FROM entry"))
        self.asker = Asker(self.vocabulary, surfaces, self._counts, self.size, entries)

    # reading

    def _rows(self, sql: str, given: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        with self._reading:  # one connection for all threads: opened again, it might be another file's
            return list(self._connection.execute(sql, tuple(given)).fetchall())

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Every document, in order."""
        rows = self._rows("SELECT id, about FROM document ORDER BY position")
        return {id: Document.model_validate_json(about) for id, about in rows}

    @cached_property
    def _places(self) -> list[tuple[Reference, int, Access]]:
        rows = self._rows("SELECT n, locator, access FROM passage WHERE copy_of IS NULL ORDER BY n")
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
        rows = self._rows(
            "SELECT n FROM passage WHERE abs(n - ?) <= 2 AND document = (SELECT document FROM passage WHERE n = ?)",
            [number, number],
        )
        return [row[0] for row in rows if row[0] != number]

    def passage(self, number: int) -> Passage:
        """A passage whole."""
        return Passage.model_validate_json(self._rows("SELECT source FROM passage WHERE n = ?", [number])[0][0])

    def document_of(self, number: int) -> str:
        """The id of the document a passage stands in."""
        return str(self._rows("SELECT document FROM passage WHERE n = ?", [number])[0][0])

    def numbers(self, ids: Sequence[str]) -> list[int]:
        """The numbers of passages by their ids; those that are gone are left out."""
        found = []
        for id in ids:
            document, _, anchor = id.partition("#")
            found += self._rows("SELECT n FROM passage WHERE document = ? AND anchor = ?", [document, anchor])
        return [row[0] for row in found]

    def copies(self, number: int, access: frozenset[Access] = frozenset(Access)) -> list[tuple[str, str]]:
        """Where else a passage stands, among the documents of this access: document and locator."""
        rows = self._rows("SELECT document, locator, access FROM passage WHERE copy_of = ? ORDER BY n", [number])
        return [(document, locator) for document, locator, seen_by in rows if seen_by in set(access)]

    def entry(self, number: int) -> Entry:
        """A digest entry."""
        row = self._rows("SELECT document, locator, digest, passage FROM entry WHERE n = ?", [number])[0]
        return Entry(*row)

    def says(self, phrase: Sequence[str], access: frozenset[Access]) -> bool:
        """Whether these stems stand in a row in some passage of this access."""
        quoted = '"' + " ".join(phrase).replace('"', "") + '"'
        return bool(
            self._rows(
                "SELECT 1 FROM passage_fts f JOIN passage p ON p.n = f.rowid"
                f" WHERE passage_fts MATCH ? AND p.access IN ({_marks(access)}) LIMIT 1",
                [quoted, *access],
            )
        )

    def _counts(self, stems: Sequence[str]) -> dict[str, Count]:
        marks = ",".join("?" * len(stems))
        rows = self._rows(f"SELECT stem, passages, entries FROM term WHERE stem IN ({marks})", stems)
        return {stem: Count(passages, entries) for stem, passages, entries in rows}

    def _average_length(self, table: str) -> float:
        rows = self._rows(f"SELECT avg(length(body) - length(replace(body, ' ', '')) + 1) FROM {table}")
        return max(1.0, rows[0][0] or 1.0)

    # searching

    def search(
        self,
        query: Query,
        access: frozenset[Access],
        *,
        only: Iterable[int] | None = None,
        near: Mapping[int, float] | None = None,
    ) -> list[Found]:
        """The passages that may answer, best first. `only`: no others; `near`: passages that a conversation is about,
        and how nearly."""
        near = near or {}
        entries = self._entries(query, access)
        wanted = set(near) | self._candidates(query, access) | {e[1] for e in entries if e[1]}
        wanted = set(only) if only is not None else wanted
        rows = self._load(wanted, access)
        spoken = self._spoken(query, entries)
        found = [self._judge(row, query, spoken.get(row.number), near.get(row.number, 0.0)) for row in rows]
        return sorted(found, key=lambda one: (-one.score, one.number))

    def absent(self, query: Query, access: frozenset[Access]) -> list[tuple[int, float, float]]:
        """Digest entries of papers that are not held: number, score, cover; best first. They speak only for a desk
        that holds none of its own papers: beside another council's they would be a stranger's answer."""
        if self.documents and not set(self.documents) & set(self.papers):
            return []
        rows = [row for row in self._entries(query, access) if row[1] is None]
        judged = []
        for number, _passage, body, asks in rows:
            stems = Counter(body.split())
            judged.append((number, self._entry_score(query, stems, asks), _cover(query, stems, frozenset())[0]))
        return sorted(judged, key=lambda one: (-one[1], one[0]))

    def _candidates(self, query: Query, access: frozenset[Access]) -> set[int]:
        match = _match(query.telling)
        if not match:
            return set()
        rows = self._rows(
            "SELECT p.n, p.copy_of FROM passage_fts f JOIN passage p ON p.n = f.rowid WHERE passage_fts MATCH ?"
            f" AND p.access IN ({_marks(access)}) ORDER BY bm25(passage_fts, 2.0, 1.0), f.rowid LIMIT ?",
            [match, *access, CANDIDATES],
        )
        return {copy or number for number, copy in rows}

    def _entries(self, query: Query, access: frozenset[Access]) -> list[tuple[int, int | None, str, list[str]]]:
        match = _match(query.terms)
        if not match:
            return []
        rows = self._rows(
            "SELECT e.n, coalesce(p.copy_of, e.passage), e.body, e.asks FROM entry_fts f JOIN entry e ON e.n = f.rowid"
            " LEFT JOIN passage p ON p.n = e.passage WHERE entry_fts MATCH ? AND"
            f" (p.n IS NULL OR p.access IN ({_marks(access)})) ORDER BY bm25(entry_fts), f.rowid LIMIT ?",
            [match, *access, CANDIDATES],
        )
        return [(number, passage, body, json.loads(asks)) for number, passage, body, asks in rows]

    def _load(self, wanted: set[int], access: frozenset[Access]) -> list[_Row]:
        numbers = sorted(wanted)
        marks = ",".join("?" * len(numbers))
        rows = self._rows(
            "SELECT n, document, body, head, superseded, bands FROM passage"
            f" WHERE n IN ({marks}) AND access IN ({_marks(access)})",
            [*numbers, *access],
        )
        return [
            _Row(
                n,
                document,
                Counter(body.split()),
                body.count(" ") + 1,
                frozenset(head.split()),
                bool(old),
                json.loads(bands),
            )
            for n, document, body, head, old, bands in rows
        ]

    def _spoken(self, query: Query, entries: Sequence[tuple[int, int | None, str, list[str]]]) -> dict[int, _Voice]:
        """For each passage, what its best digest entry says of the question."""
        best: dict[int, _Voice] = {}
        for number, passage, body, asks in entries:
            if passage is None:
                continue
            stems = Counter(body.split())
            score = self._entry_score(query, stems, asks)
            held = best.get(passage)
            words = stems + held.words if held else stems
            if held is None or score > held.score:
                best[passage] = _Voice(number, score, words)
            else:
                best[passage] = _Voice(held.entry, held.score, words)
        return best

    def _judge(self, row: _Row, query: Query, voice: _Voice | None, near: float) -> Found:
        total = query.weight or 1.0
        long = 0.4 + 0.6 * row.length / self._average
        body = sum(t.weight * _strength(t, row.body, long) for t in query.terms) / total
        head = sum(
            t.weight * max((a.share for a in t.alternatives if set(a.stems) <= row.head), default=0.0)
            for t in query.terms
        )
        spoken = voice.score if voice else 0.0 if row.number in self._digested else UNDIGESTED * body
        voices = {"body": body, "head": head / total, "digest": spoken, "near": NEAR * near}
        score = WEIGHTS.body * body + WEIGHTS.head * head / total + WEIGHTS.digest * spoken + voices["near"]
        fits = bool(query.sums) and bool(row.bands) and falls_in(list(query.sums), row.bands)
        if query.sums and row.bands:
            score += FITS if fits else -FITS
        if row.superseded:
            score *= SUPERSEDED
        everything = row.body + (voice.words if voice else Counter())
        cover, missing = _cover(query, everything, row.head, fits=fits)
        return Found(row.number, score, cover, voice.entry if voice else None, voices, missing, fits)

    def _entry_score(self, query: Query, body: Counter[str], asks: Sequence[str]) -> float:
        """How well a digest entry fits: all its words together, as BM25 counts them, and its one best way of asking."""
        total = query.ask_weight or 1.0
        long = 1.2 * (0.25 + 0.75 * body.total() / self._average_entry)
        broad = sum(t.ask_weight * 2.2 * _strength(t, body, long) for t in query.terms) / total
        return WEIGHTS.broad * broad + (1 - WEIGHTS.broad) * max((_alike(query, ask) for ask in asks), default=0.0)


@dataclass(frozen=True)
class _Voice:
    entry: int
    score: float
    words: Counter[str]


def _marks(access: frozenset[Access]) -> str:
    return ",".join("?" * len(access))


def _match(terms: Sequence[Term]) -> str:
    """The question for FTS5: any of the words, each quoted, a meaning of several words as all of them."""
    clauses = []
    for term in terms:
        for alternative in term.alternatives:
            quoted = [f'"{stem}"' for stem in alternative.stems if '"' not in stem]
            clauses.append(quoted[0] if len(quoted) == 1 else f"({' AND '.join(quoted)})")
    return " OR ".join(dict.fromkeys(clauses))


def _strength(term: Term, words: Counter[str], long: float) -> float:
    """How strongly a term stands among these words, 0 towards 1: BM25's curve for the best of its alternatives."""
    best = 0.0
    for alternative in term.alternatives:
        count = min(words[stem] for stem in alternative.stems)
        if count:
            best = max(best, alternative.share * count / (count + long))
    return best


def _alike(query: Query, ask: str) -> float:
    """How alike a way of asking is to the question: what they share, less what each has to itself."""
    stems = set(ask.split())
    if not stems:
        return 0.0
    met = sum(
        t.ask_weight * max((a.share for a in t.alternatives if set(a.stems) <= stems), default=0.0) for t in query.terms
    )
    meant = {stem for t in query.terms for a in t.alternatives for stem in a.stems}
    return met / (query.ask_weight or 1.0) * (1.0 - WEIGHTS.spare * len(stems - meant) / len(stems))


def _cover(
    query: Query, words: Counter[str], head: frozenset[str], *, fits: bool = False
) -> tuple[float, tuple[str, ...]]:
    total = query.weight
    if not total:
        return 0.0, ()
    met, missing = 0.0, []
    for term in query.telling:
        share = max(
            (a.share for a in term.alternatives if all(stem in words or stem in head for stem in a.stems)), default=0.0
        )
        share = 1.0 if fits and term.figure else share
        met += term.weight * share
        if not share:
            missing.append(term.surface)
    return met / total, tuple(missing)
