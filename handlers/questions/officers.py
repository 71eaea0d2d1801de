"""Officers' answers as they are cited: nobody takes them for the papers' words."""

from __future__ import annotations

from handlers.messages import Citation
from knowledge.dates import in_words
from knowledge.documents.search import Index
from knowledge.models import Access, Passage
from knowledge.questions.learnt import OwnEntry
from knowledge.workdays import day_of

OFFICER = "officer"
"""The source of what rests on an officer's answer."""
_LONGEST_BESIDE = 300


def cite(own: OwnEntry, passage: Passage, index: Index, access: frozenset[Access]) -> Citation:
    """The citation of an officer's answer: whose it is and since when, and when somebody looks at it again."""
    day = day_of(own.made_at).isoformat()
    review = f"to be looked at again by {in_words(own.review_on.isoformat())}" if own.review_on else ""
    return Citation(
        source=OFFICER, document="", title="Officer's answer", locator=f"{_whose(own, access)}, {in_words(day)}",
        quote=None, published=day, note="; ".join(filter(None, (_rests_on(own, index, access), review))),
        passage=passage.id, entry=own.id,
    )  # fmt: skip


def said_of(citation: Citation) -> str:
    """What is said under an officer's answer."""
    note = f", {citation.note}" if citation.note else ""
    return f"This is an officer's answer, not the papers' words: {citation.locator}{note}."


def beside(citation: Citation, digest: str) -> str:
    """What is said of an officer's answer that stands beside the papers'."""
    short = digest if len(digest) <= _LONGEST_BESIDE else f"{digest[:_LONGEST_BESIDE].rsplit(' ', 1)[0]} …"
    return f"An officer has answered something like this too ({citation.locator}): {short}"


def added_by(own: OwnEntry, access: frozenset[Access]) -> str:
    """What is said of a sentence of the council's own over a passage."""
    return f"The sentence above it was added by {_whose(own, access)}, {in_words(day_of(own.made_at).isoformat())}."


def _whose(own: OwnEntry, access: frozenset[Access]) -> str:
    """The council's own people read the name."""
    return own.by if own.by and Access.INTERNAL in access else "an officer of the council"


def _rests_on(own: OwnEntry, index: Index, access: frozenset[Access]) -> str:
    """The place it names, for those who may know of the paper."""
    about = index.documents.get(own.document) or index.papers.get(own.document)
    if not own.document or about is None or about.access not in access:
        return ""
    return f"resting on {about.title}, {own.locator}"
