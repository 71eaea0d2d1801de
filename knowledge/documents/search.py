"""Searching: which passages answer a question, best first. FTS5 proposes candidates; the ranking is ours."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from knowledge.documents.query import Query, Term
from knowledge.documents.ranking import Found, Row, Voice, cover_of, entry_score, judge_passage
from knowledge.documents.reader import Reader, marks
from knowledge.models import Access

CANDIDATES = 60
"""Passages and entries FTS5 proposes."""


class Index(Reader):
    """An open index that answers questions. A rebuilt file wants a new object."""

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
        found = [
            judge_passage(row, query, spoken.get(row.number), near.get(row.number, 0.0), self._average) for row in rows
        ]
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
            judged.append(
                (number, entry_score(query, stems, asks, self._average_entry), cover_of(query, stems.keys())[0])
            )
        return sorted(judged, key=lambda one: (-one[1], one[0]))

    def _candidates(self, query: Query, access: frozenset[Access]) -> set[int]:
        match = _match(query.telling)
        if not match:
            return set()
        rows = self.rows(
            "SELECT p.n, p.copy_of FROM passage_fts f JOIN passage p ON p.n = f.rowid WHERE passage_fts MATCH ?"
            f" AND p.access IN ({marks(access)}) ORDER BY bm25(passage_fts, 2.0, 1.0), f.rowid LIMIT ?",
            [match, *access, CANDIDATES],
        )
        return {copy or number for number, copy in rows}

    def _entries(self, query: Query, access: frozenset[Access]) -> list[tuple[int, int | None, str, list[str]]]:
        match = _match(query.terms)
        if not match:
            return []
        rows = self.rows(
            "SELECT e.n, coalesce(p.copy_of, e.passage), e.body, e.asks FROM entry_fts f JOIN entry e ON e.n = f.rowid"
            " LEFT JOIN passage p ON p.n = e.passage WHERE entry_fts MATCH ? AND"
            f" (p.n IS NULL OR p.access IN ({marks(access)})) ORDER BY bm25(entry_fts), f.rowid LIMIT ?",
            [match, *access, CANDIDATES],
        )
        return [(number, passage, body, json.loads(asks)) for number, passage, body, asks in rows]

    def _load(self, wanted: set[int], access: frozenset[Access]) -> list[Row]:
        numbers = sorted(wanted)
        rows = self.rows(
            "SELECT n, body, head, superseded, bands FROM passage"
            f" WHERE n IN ({marks(numbers)}) AND access IN ({marks(access)})",
            [*numbers, *access],
        )
        return [
            Row(n, Counter(body.split()), frozenset(head.split()), bool(old), n in self._digested, json.loads(bands))
            for n, body, head, old, bands in rows
        ]

    def _spoken(self, query: Query, entries: Sequence[tuple[int, int | None, str, list[str]]]) -> dict[int, Voice]:
        """For each passage, what its best digest entry says of the question."""
        best: dict[int, Voice] = {}
        for number, passage, body, asks in entries:
            if passage is None:
                continue
            stems = Counter(body.split())
            score = entry_score(query, stems, asks, self._average_entry)
            held = best.get(passage)
            words = held.words.union(stems) if held else frozenset(stems)
            if held is None or score > held.score:
                best[passage] = Voice(number, score, words)
            else:
                best[passage] = Voice(held.entry, held.score, words)
        return best


def _match(terms: Sequence[Term]) -> str:
    """The question for FTS5: any of the words, each quoted, a meaning of several words as all of them."""
    clauses = []
    for term in terms:
        for alternative in term.alternatives:
            quoted = [f'"{stem}"' for stem in alternative.stems if '"' not in stem]
            clauses.append(quoted[0] if len(quoted) == 1 else f"({' AND '.join(quoted)})")
    return " OR ".join(dict.fromkeys(clauses))
