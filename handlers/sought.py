"""What a message asks of the papers, what a search of them finds, and whether that answers: each worked out once in the
handling of a message, by whoever asks first, be it to choose its journey or to answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from handlers.desk import Desk
from handlers.messages import Message
from handlers.understanding import Asked, understand
from knowledge.documents.deciding import Verdict, judge
from knowledge.documents.found import Found
from knowledge.documents.references import Reference
from knowledge.documents.search import Index
from knowledge.models import Access
from knowledge.text import words

Key = tuple[str, str, frozenset[Access]]
"""What tells questions apart in the handling of one message: the words, the conversation, what may be read."""


@dataclass(frozen=True)
class Sought:
    """A question in one index, for somebody who may read so much."""

    asked: Asked
    index: Index
    access: frozenset[Access]

    @cached_property
    def missing(self) -> list[Reference]:
        """The places named that no paper has, and that no paper speaks of either ("section 106 agreements")."""
        held = self.index.references(self.access) if self.asked.references else {}
        return [
            place
            for place in self.asked.references
            if place not in held and not self.index.says([word.stem for word in words(place.name)], self.access)
        ]

    @cached_property
    def found(self) -> Sequence[Found]:
        """The passages that may answer, best first; of a question that names places those there."""
        return self.index.search(self.asked.query, self.access, only=self._places(), near=self.asked.near)

    @property
    def verdict(self) -> Verdict:
        """Whether what was found answers: at the places a question names it does, where there are such places."""
        if self.asked.references and not self.missing:
            return Verdict(bool(self.found), 1.0)
        return self.judged

    @cached_property
    def judged(self) -> Verdict:
        """Whether it answers by its words, wherever it stands."""
        near = bool(self.found) and self.asked.near.get(self.found[0].number) == 1.0
        unsaid = self.index.unsaid(self.asked.query, self.access)
        return judge(self.asked.query, self.found, words_on(self.found, self.index), unsaid, near=near)

    def _places(self) -> list[int] | None:
        """The passages at the places named; where the question names a paper too, that paper's only."""
        if not self.asked.references:
            return None
        held = self.index.references(self.access)
        numbers = [number for reference in self.asked.references for number in held.get(reference, ())]
        text = self.asked.text.lower()
        named = {id for id, about in self.index.documents.items() if about.title.lower() in text}
        return [number for number in numbers if self.index.document_of(number) in named] or numbers or None


def sought(message: Message, desk: Desk) -> Sought:
    """What a message asks of the papers, as whoever asked for it before in its handling has it."""
    kept, key = desk.sought if desk.sought is not None else {}, (message.text, message.thread, message.readable)
    if key not in kept:
        index = desk.index()
        kept[key] = Sought(understand(message, desk, index), index, message.readable)
    return kept[key]


def words_on(found: Sequence[Found], index: Index) -> str:
    """The words in which what a question wants must stand: the digest's on the best passage, which have its figures,
    dates and names; where it has no digest, its own."""
    if not found:
        return ""
    return index.entry(found[0].entry).digest if found[0].entry else index.passage(found[0].number).text
