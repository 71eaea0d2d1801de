"""One procurement from two sources that share no number: the same buyer, the same title, and times that agree."""

from __future__ import annotations

import re

from knowledge.timeline.book import Book
from knowledge.timeline.differing import TIMES
from knowledge.timeline.entry import Entry
from knowledge.timeline.nouns import Statement, Terms
from knowledge.timeline.reading.keys import plain_name
from knowledge.timeline.when import When

_PLAIN = re.compile(r"[^\W_]+")


def weak_key(buyer: str, title: str, *, own: bool = False) -> str:
    """What two notices of one procurement have in common, and others may have too. `own`: the council speaks itself."""
    whose = "own" if own else plain_name(buyer)
    return f"title:{whose}|{' '.join(_PLAIN.findall(title.casefold()))}"[:500]


def twin(book: Book, one: Statement, *, own: bool) -> Entry | None:
    """The one intention of this buyer and title that another source has told of, and that agrees with this."""
    found = book.all_by_key(weak_key(one.buyer, one.terms.title))
    if own:
        found += [entry for entry in book.all_by_key(weak_key("", one.terms.title, own=True)) if entry not in found]
    fitting = [entry for entry in found if not _told(entry, one) and agree(entry.terms, one.terms)]
    return fitting[0] if len(fitting) == 1 else None


def agree(ours: Terms, theirs: Terms) -> bool:
    """Whether two say the same of when or how much; where they say nothing in common, the title has to do."""
    told = [_overlap(getattr(ours, what), getattr(theirs, what)) for what in TIMES]
    if ours.high is not None and theirs.high is not None:
        told.append(ours.high == theirs.high)
    said = [one for one in told if one is not None]
    return any(said) or not said


def _told(entry: Entry, one: Statement) -> bool:
    """Whether the same source has told of it under another number: then the two are two."""
    return any(other.source is one.source and other.id != one.id for other in entry.statements)


def _overlap(ours: When | None, theirs: When | None) -> bool | None:
    if ours is None or theirs is None:
        return None
    return ours.first <= theirs.last and theirs.first <= ours.last
