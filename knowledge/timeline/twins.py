"""One procurement from two sources that share no number: one names the other, or buyer, title and times agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from knowledge.timeline.book import Book
from knowledge.timeline.differing import TIMES
from knowledge.timeline.entry import Entry
from knowledge.timeline.nouns import Route, Source, Statement, Terms
from knowledge.timeline.reading.keys import notice_numbers, plain_name
from knowledge.timeline.thresholds import VAT
from knowledge.timeline.when import When

_PLAIN = re.compile(r"[^\W_]+")
_MOVED = timedelta(days=183)
"""By how much the times of one procurement may differ from one notice to the next."""


def weak_key(buyer: str, title: str, *, own: bool = False) -> str:
    """What two notices of one procurement have in common, and others may have too. `own`: the council speaks itself."""
    whose = "own" if own else plain_name(buyer)
    return f"title:{whose}|{' '.join(_PLAIN.findall(title.casefold()))}"[:500]


def weak_keys(one: Statement) -> list[str]:
    """The weak keys of a notice: its title's, and those of the notices on Find a Tender it is or names."""
    return [weak_key(one.buyer, one.terms.title), *_named(one)]


def _named(one: Statement) -> Iterator[str]:
    """A call-off names its framework's notice, which is another procurement's."""
    numbers = [] if one.terms.route is Route.FRAMEWORK else notice_numbers(" ".join(one.terms.related))
    numbers += [one.id] if one.source is Source.FIND_A_TENDER else []
    return (f"named:{plain_name(one.buyer)}|{number}" for number in numbers)


def twins(book: Book, one: Statement, known: Sequence[Entry], *, own: bool) -> list[Entry]:
    """The intention that a notice without a number in common is about too, where there is just one; else none: of the
    same buyer's, one that names the same notice, else, where its number is `known` to none, one of the title that
    another source has told of and that agrees."""
    named = [entry for entry in book.by_keys(_named(one)) if entry not in known]
    if known or len(named) == 1:
        return named if len(named) == 1 else []
    keys = [weak_key(one.buyer, one.terms.title), *([weak_key("", one.terms.title, own=True)] if own else [])]
    fitting = [entry for entry in book.by_keys(keys) if not _told(entry, one) and agree(entry.terms, one.terms)]
    return fitting if len(fitting) == 1 else []


def agree(ours: Terms, theirs: Terms) -> bool:
    """Whether two say the same of when or how much; where they say nothing in common, the title has to do."""
    told = [_overlap(getattr(ours, what), getattr(theirs, what)) for what in TIMES]
    if not _far(ours, theirs):
        told.append(_same_sum(ours.high, theirs.high))
    said = [one for one in told if one is not None]
    return any(said) or not said


def _far(ours: Terms, theirs: Terms) -> bool:
    """Whether a time is so far from the other's that it has not been moved: the same sum is then next time's."""
    pairs = [(getattr(ours, what), getattr(theirs, what)) for what in TIMES]
    return any(max(a.first, b.first) - min(a.last, b.last) > _MOVED for a, b in pairs if a and b)


def _told(entry: Entry, one: Statement) -> bool:
    """Whether the same source has told of it under another number: then the two are two."""
    return any(other.source is one.source and other.id != one.id for other in entry.statements)


def _overlap(ours: When | None, theirs: When | None) -> bool | None:
    if ours is None or theirs is None:
        return None
    return ours.first <= theirs.last and theirs.first <= ours.last


def _same_sum(ours: Decimal | None, theirs: Decimal | None) -> bool | None:
    """The same sum, or the one with VAT and the other without."""
    if ours is None or theirs is None:
        return None
    small, large = sorted((ours, theirs))
    return small == large or abs(small * VAT - large) < 1
