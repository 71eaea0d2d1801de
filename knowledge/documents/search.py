"""Searching: which passages answer a question, best first. FTS5 proposes candidates; the ranking is ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from knowledge.documents.query import Query, Term
from knowledge.documents.ranking import Found, Row, cover_of, judge_passage
from knowledge.documents.reader import Reader, marks
from knowledge.documents.voices import Heard, Voice, alike, hear, joined
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
        wanted = set(near) | self._candidates(query, access) | {e.passage for e in entries if e.passage}
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
        judged = []
        for entry in self._entries(query, access):
            if entry.passage is None:
                voice = hear(query, entry, self._average_entry)
                judged.append((entry.number, voice.score, cover_of(query, entry.words.keys())[0]))
        return sorted(judged, key=lambda one: (-one[1], one[0]))

    def unsaid(self, query: Query, access: frozenset[Access]) -> float:
        """How alike the question is to the likest that people ask and no paper says, 0 to 1."""
        match = _match(query.telling)
        if not match:
            return 0.0
        rows = self.rows(
            "SELECT u.body FROM unsaid_fts f JOIN unsaid u ON u.n = f.rowid JOIN passage p ON p.n = u.passage"
            f" WHERE unsaid_fts MATCH ? AND p.access IN ({marks(access)}) ORDER BY bm25(unsaid_fts), f.rowid LIMIT ?",
            [match, *access, CANDIDATES],
        )
        return max((alike(query, frozenset(body.split())) for (body,) in rows), default=0.0)

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

    def _entries(self, query: Query, access: frozenset[Access]) -> list[Heard]:
        match = _match(query.terms)
        if not match:
            return []
        rows = self.rows(
            "SELECT e.n FROM entry_fts f JOIN entry e ON e.n = f.rowid LEFT JOIN passage p ON p.n = e.passage"
            f" WHERE entry_fts MATCH ? AND (p.n IS NULL OR p.access IN ({marks(access)}))"
            " ORDER BY bm25(entry_fts), f.rowid LIMIT ?",
            [match, *access, CANDIDATES],
        )
        return [self.heard(number) for (number,) in rows]

    def _load(self, wanted: set[int], access: frozenset[Access]) -> list[Row]:
        rows = (self.row(number) for number in sorted(wanted))
        return [row for row in rows if row and row.access in access]

    def _spoken(self, query: Query, entries: Sequence[Heard]) -> dict[int, Voice]:
        """For each passage, what its best digest entry says of the question."""
        best: dict[int, Voice] = {}
        for entry in entries:
            if entry.passage is None:
                continue
            voice = hear(query, entry, self._average_entry)
            held = best.get(entry.passage)
            best[entry.passage] = joined(held, voice) if held else voice
        return best


def _match(terms: Sequence[Term]) -> str:
    """The question for FTS5: any of the words, each quoted, a meaning of several words as all of them."""
    clauses = []
    for term in terms:
        for alternative in term.alternatives:
            quoted = [f'"{stem}"' for stem in alternative.stems if '"' not in stem]
            clauses.append(quoted[0] if len(quoted) == 1 else f"({' AND '.join(quoted)})")
    return " OR ".join(dict.fromkeys(clauses))
