"""The council's own digest entries in the index. One that rests on a passage speaks for it, as the pack's entries do;
one that is an officer's answer is a passage of its own, so that it is found, ranked and judged as the papers' are."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.models import Access, Document, Part, Passage, slug
from knowledge.questions.learnt import OwnEntry

_OWN = "own:"
"""What the id of an officer's answer's document begins with: no paper's id can hold a colon."""


def stands_apart(entry: OwnEntry, numbered: Mapping[tuple[str, str], int], access: Mapping[str, Access]) -> bool:
    """Whether an entry is a passage of its own: it rests on none that is held, or others may read it than the passage.
    One from a file that rests on a paper which is not held speaks for that paper, and has no passage."""
    if (entry.document, slug(entry.locator)) in numbered:
        return access[entry.document] is not entry.access
    return bool(entry.made_by) or not entry.document


def as_passage(entry: OwnEntry) -> tuple[Document, Passage]:
    """An officer's answer as a document of one passage."""
    about = Document(id=f"{_OWN}{entry.id}", title="Officer's answer", access=entry.access)
    words = (Part(text=entry.digest),)
    return about, Passage(document=about.id, locator="Officer's answer", position=0, parts=words)


def own_id(document: str) -> str:
    """The id of the own entry behind a document's id, "" where that is a paper's."""
    return document.removeprefix(_OWN) if document.startswith(_OWN) else ""
