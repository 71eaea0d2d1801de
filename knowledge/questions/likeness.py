"""Questions in other words: grouped by how like each other their telling words are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from knowledge.models import Noun
from knowledge.text import content, words

_ALIKE = 72.0
"""Of 100, how like two questions are whose telling words are the same ones, sorted, less a few letters."""
_MOST = 5_000
"""Different wordings that are compared."""


class Group(Noun):
    """Questions that ask the same. `text`: the commonest wording; `count`: how often it was asked in any; `wordings`:
    every one, the commonest first; `questions`: their numbers."""

    text: str
    count: int
    wordings: tuple[str, ...]
    questions: tuple[int, ...]


def grouped(asked: Sequence[tuple[int, str]]) -> list[Group]:
    """Questions (number, text) in groups, what was asked most first."""
    numbers: dict[str, list[int]] = {}
    written: dict[str, str] = {}
    for number, text in asked:
        plain = " ".join(text.split()).casefold().strip(" ?!.")
        numbers.setdefault(plain, []).append(number)
        written.setdefault(plain, " ".join(text.split()))
    counts = Counter({plain: len(found) for plain, found in numbers.items()})
    groups: dict[str, list[str]] = {}
    leads: dict[str, str] = {}
    for plain, _ in counts.most_common(_MOST):
        key = _key(plain)
        near = process.extractOne(key, leads, scorer=fuzz.ratio, score_cutoff=_ALIKE) if key else None
        lead = str(near[2]) if near else plain
        leads.setdefault(lead, key)
        groups.setdefault(lead, []).append(plain)
    found = [_group(members, numbers, written) for members in groups.values()]
    return sorted(found, key=lambda one: (-one.count, one.questions[0]))


def _group(members: Sequence[str], numbers: dict[str, list[int]], written: dict[str, str]) -> Group:
    all_of_them = sorted(number for plain in members for number in numbers[plain])
    return Group(
        text=written[members[0]], count=len(all_of_them), wordings=tuple(written[plain] for plain in members),
        questions=tuple(all_of_them),
    )  # fmt: skip


def _key(text: str) -> str:
    """The telling stems in alphabetical order; all stems where none tells anything."""
    said = list(words(text))
    telling = content(said) or said
    return " ".join(sorted({word.stem for word in telling}))
