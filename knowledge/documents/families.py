"""Families: passages that a paper sets side by side under one name ("Table 3: Social", "Table 3: Economic"), and a
paragraph whose lettered items have become passages of their own. Asked for as one thing, they come together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.documents.listing import items_of
from knowledge.documents.reader import Reader
from knowledge.models import Passage
from knowledge.text import content, words

_NAMED = re.compile(r"^(?P<stem>.*\b[A-Z][a-z]+ (?:\d{1,2}|[A-Z])): (?P<name>.+)$")
_LETTERED = re.compile(r"^(?P<stem>.+) \((?P<letter>[a-z]|[ivx]+|\d{1,2})\)$")
_MOST = 12
"""Passages of a family that are shown."""


def family(number: int, question: str, index: Reader) -> list[int]:
    """The passages that together are the list a question is after, in the paper's order; [] where the passage found is
    all of it, or the question names it alone."""
    passage = index.passage(number)
    return (_lettered(passage, index) or _side_by_side(passage, question, index))[:_MOST]


def _lettered(passage: Passage, index: Reader) -> list[int]:
    """A paragraph that leads into items, with the items where they are passages of their own."""
    if not passage.text.rstrip().endswith(":"):
        return []
    found = [(n, one) for n, one in _beginning(passage, f"{passage.locator} (", index) if _is_item(one)]
    return [index.numbers([passage.id])[0], *(n for n, _ in found)] if found else []


def _is_item(passage: Passage) -> bool:
    """Whether a passage begins with the letter it is named by: a long paragraph's second half is named so too."""
    letter = _LETTERED.match(passage.locator)
    return bool(letter and re.match(rf"\(?{letter['letter']}[).]", passage.parts[0].text))


def _side_by_side(passage: Passage, question: str, index: Reader) -> list[int]:
    named = _NAMED.match(passage.locator)
    if not named:
        return []
    kin = _beginning(passage, f"{named['stem']}: ", index)
    lists = [(n, one) for n, one in kin if items_of(one)]
    heads = [one for _, one in kin if not items_of(one)]
    if len(lists) < 2 or len(heads) > 1:
        return []
    picked = named_among(lists, " ".join(one.locator for one in heads), question)
    return [] if len(picked) == 1 else picked


def named_among(lists: Sequence[tuple[int, Passage]], common: str, question: str) -> list[int]:
    """Those of some lists that a question names, where it names any; else all. `common`: what all of them are called,
    which names none of them."""
    asked = set(_stems(question)) - set(_stems(common))
    picked = [n for n, one in lists if asked & set(_stems(_name(one)))]
    return picked or [n for n, _ in lists]


def _name(passage: Passage) -> str:
    named = _NAMED.match(passage.locator)
    return named["name"] if named else passage.locator


def _stems(text: str) -> list[str]:
    return [word.stem for word in content(words(text))]


def _beginning(passage: Passage, start: str, index: Reader) -> list[tuple[int, Passage]]:
    """The passages of the same paper whose locators begin so, in its order."""
    rows = index.rows(
        "SELECT n FROM passage WHERE document = ? AND substr(locator, 1, ?) = ? ORDER BY n",
        [passage.document, len(start), start],
    )
    return [(n, index.passage(n)) for (n,) in rows]
