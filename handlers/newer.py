"""NEWER: where a later paper has replaced what an answer rests on, the answer says so and shows what that says."""

from __future__ import annotations

from typing import NamedTuple

from handlers.understanding import Asked
from knowledge.dates import in_words
from knowledge.documents.found import Found
from knowledge.documents.replaced import replacement
from knowledge.documents.search import Index
from knowledge.documents.supersession import superseded_by
from knowledge.models import Access, Document, Passage

_SPEAKS = 0.5
"""Share of a question that a passage of the newer paper must speak of to be shown beside the older one."""
_TELLING = 2
"""Words that a question must tell by: a place by itself ("section 4.1") says nothing of what it is about."""


class Newer(NamedTuple):
    """What an answer says of the newer paper, and the passage of it to show, None where none speaks of the question."""

    said: str
    found: Found | None


def newer(asked: Asked, passage: Passage, index: Index, access: frozenset[Access]) -> Newer | None:
    """What has replaced a passage, as far as the asker may know of it; None where nothing has."""
    row = replacement(passage, index.replaced)
    if row and (numbers := index.at([(row.by, row.locator)], access)):
        return Newer(f"{row.note} ({row.by}, {row.locator}).", Found(numbers[0], 0.0, 0.0))
    readable = (one for one in index.documents.values() if one.access in access)
    later = superseded_by(passage, readable)
    return _instead(asked, passage, later, index, access) if later else None


def _instead(asked: Asked, passage: Passage, later: Document, index: Index, access: frozenset[Access]) -> Newer:
    own = [row[0] for row in index.rows("SELECT n FROM passage WHERE document = ? ORDER BY n", [later.id])]
    best = next(iter(index.search(asked.query, access, only=own)), None)
    speaks = best if best and best.cover >= _SPEAKS and len(asked.query.telling) >= _TELLING else None
    of = f" of {day}" if (day := in_words(later.published)) else ""
    older = index.documents[passage.document].title
    said = f"This is from a part of “{older}” that “{later.title}” ({later.id}){of} has replaced"
    return Newer(f"{said}; what that says of it stands beside it." if speaks else f"{said}.", speaks)
