"""Searching: which passages answer a question, best first. BM25 proposes candidates; the ranking is ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from knowledge.documents.bags import Sets
from knowledge.documents.found import Found
from knowledge.documents.overlay import Counts, Overlay, gathered
from knowledge.documents.query import Query, Term
from knowledge.documents.ranking import covers_of, judge_passages
from knowledge.documents.reader import Reader
from knowledge.documents.voices import Heard, Voice, alike, hear, joined
from knowledge.models import Access

CANDIDATES = 60
"""Passages and entries that are proposed."""


class Index(Reader):
    """An open index that answers questions. A rebuilt file wants a new object."""

    def search(
        self,
        query: Query,
        access: frozenset[Access],
        *,
        only: Iterable[int] | None = None,
        near: Mapping[int, float] | None = None,
    ) -> Sequence[Found]:
        """The passages that may answer, best first. `only`: no others; `near`: passages that a conversation is about,
        and how nearly."""
        near = near or {}
        entries = self._entries(query, access)
        wanted = set(near) | {entry.passage for entry in entries if entry.passage}
        wanted = set(only) if only is not None else wanted | self._candidates(query, access)
        rows = [row for row in self.passage_rows.get(sorted(wanted)) if row.access in access]
        at = {row.number: place for place, row in enumerate(rows)}
        entries = [entry for entry in entries if entry.passage in at]
        over = Overlay(query, self.numbering)
        counts = over.counted([*(entry.words for entry in entries), *(row.body for row in rows)])
        of_entries, of_rows = counts[:, : len(entries)], counts[:, len(entries) :]
        voices = self._voices(over, entries, of_entries)
        told = gathered(of_entries, [at[entry.passage] for entry in entries if entry.passage], len(rows))
        return judge_passages(rows, over, voices, of_rows, told, near, self._average)

    def absent(self, query: Query, access: frozenset[Access]) -> list[tuple[int, float, float]]:
        """Digest entries of papers that are not held: number, score, cover; best first. They speak only for a desk
        that holds none of its own papers: beside another council's they would be a stranger's answer."""
        if self.documents and not set(self.documents) & set(self.papers):
            return []
        entries = [entry for entry in self._entries(query, access) if entry.passage is None]
        over = Overlay(query, self.numbering)
        counts = over.counted([entry.words for entry in entries])
        cover, _ = covers_of(over, counts)
        voices = hear(over, entries, counts, self._average_entry)
        judged = [(voice.entry, voice.score, share) for voice, share in zip(voices, cover.tolist(), strict=True)]
        return sorted(judged, key=lambda one: (-one[1], one[0]))

    def unsaid(self, query: Query, access: frozenset[Access]) -> float:
        """How alike the question is to the likest that people ask and no paper says, 0 to 1."""
        found = self.unsaid_asks.get(self.postings["unsaid"].best(_clauses(query.telling), access, CANDIDATES))
        if not found:
            return 0.0
        return float(alike(Overlay(query, self.numbering), Sets.together(found)).max())

    def _candidates(self, query: Query, access: frozenset[Access]) -> set[int]:
        postings = self.postings["passage"]
        return postings.stand_for(postings.best(_clauses(query.telling), access, CANDIDATES))

    def _entries(self, query: Query, access: frozenset[Access]) -> list[Heard]:
        return self.entries_heard.get(self.postings["entry"].best(_clauses(query.terms), access, CANDIDATES))

    def _voices(self, over: Overlay, entries: Sequence[Heard], counts: Counts) -> dict[int, Voice]:
        """For each passage, what its best digest entry says of the question."""
        best: dict[int, Voice] = {}
        for entry, voice in zip(entries, hear(over, entries, counts, self._average_entry), strict=True):
            if entry.passage is not None:
                held = best.get(entry.passage)
                best[entry.passage] = joined(held, voice) if held else voice
        return best


def _clauses(terms: Sequence[Term]) -> list[tuple[str, ...]]:
    """The question for proposing: any of its words, a meaning of several words where all of them stand."""
    return list(dict.fromkeys(alternative.stems for term in terms for alternative in term.alternatives))
