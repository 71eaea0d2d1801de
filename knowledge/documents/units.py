"""Units: the sentences and list items of a passage, so that the best of a long one can be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.models import Passage, glue

QUOTE_LENGTH = 880
"""Characters of a passage shown before it is shortened to its best run."""
_SHORTEST = 8
"""Characters below which what ends in a full stop is a number or a title ("R 24.", "Mr."), not a sentence."""
_SENTENCE_END = re.compile(r"(?<=[.!?])[’”\"')]*\s+(?=[A-Z‘“\"'(£])")


class Unit(NamedTuple):
    """A sentence or item. `glue` is what stands between it and the unit before: a space, a new line, an ellipsis."""

    text: str
    label: str
    glue: str


def units(passage: Passage) -> list[Unit]:
    """The units of a passage in order; joined with their glue they are its text."""
    found = []
    for number, part in enumerate(passage.parts):
        before = glue(part) if number else ""
        for sentence in _sentences(part.text):
            found.append(Unit(sentence, part.label, before))
            before = " "
    return found


def join_units(run: list[Unit]) -> str:
    """Consecutive units as text."""
    return "".join((unit.glue if place else "") + unit.text for place, unit in enumerate(run))


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.start() - start < _SHORTEST:
            continue
        yield text[start : match.start()].strip() + text[match.start() : match.end()].rstrip()
        start = match.end()
    if text[start:].strip():
        yield text[start:].strip()
