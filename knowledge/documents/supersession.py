"""Which paper has replaced which: "000 section 6" in a paper's `supersedes` means that part of 000, and
"ST sections 1 to 5" all of those."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.documents.references import Reference, in_locator, in_question
from knowledge.models import Document, Passage

_RANGE = re.compile(r"\bsections?\s+(\d{1,2})\s*(?:to|-|–)\s*(\d{1,2})\b", re.IGNORECASE)


def superseded_by(passage: Passage, documents: Iterable[Document]) -> Document | None:
    """The newer paper that replaces this passage, or None."""
    for newer in documents:
        for replaced in re.split(r"[;,]", newer.supersedes):
            id, _, part = replaced.strip().partition(" ")
            if id == passage.document and newer.id != id and _covers(part, passage):
                return newer
    return None


def _covers(part: str, passage: Passage) -> bool:
    if not part.strip():
        return True
    wanted = set(in_question(part, frozenset()))
    if spread := _RANGE.search(part):
        wanted |= {Reference("section", str(number)) for number in range(int(spread[1]), int(spread[2]) + 1)}
    sections = {Reference("section", h.split(".")[0]) for h in passage.headings if re.match(r"\d{1,2}\.", h)}
    return bool(wanted & (in_locator(passage.locator) | sections))
