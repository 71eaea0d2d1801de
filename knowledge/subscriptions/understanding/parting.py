"""A text taken apart into the things it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.register.reader import RegisterReader
from knowledge.subscriptions.understanding.naming import BRACKETS
from knowledge.subscriptions.understanding.phrases import pairs

_APART = re.compile(r"[,;:.!?()\n]+(?!\d)|\s(?:and|or|plus|as well as)\s|\s?[&/+]\s?|\x1f+", re.IGNORECASE)


def parts_of(text: str, reader: RegisterReader) -> Iterator[str]:
    """A text taken apart at its commas, and at "and" and "or" unless they stand in a name for one thing."""
    at = 0
    kept = [found.span() for found in pairs().finditer(text)] + list(_names_with_and(text, reader))
    for found in _APART.finditer(text):
        if any(start < found.start() < end for start, end in kept):
            continue
        yield text[at : found.start()]
        at = found.end()
    yield text[at:]


def _names_with_and(text: str, reader: RegisterReader) -> Iterator[tuple[int, int]]:
    low = text.casefold()
    for service in reader.kinds.services:
        for name in (BRACKETS.sub("", service.name), *service.called):
            if (" and " in name or ", " in name) and (at := low.find(name.casefold())) >= 0:
                yield at, at + len(name)
