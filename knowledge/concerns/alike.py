"""Whether a new concern tells of what an open one on the same contract tells of already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from knowledge.text import content, words

ALIKE = 0.5
"""Share of the telling words of the shorter text that the other must have too."""
_FEWEST = 3
"""Fewer telling words in common say nothing."""


def most_alike(text: str, others: Sequence[tuple[int, str]], common: Iterable[str] = ()) -> int | None:
    """The number of the text that tells of the same, None where none does. `others`: number and text; `common`: texts
    whose words every concern about this contract has, such as its title."""
    passed_over = {stem for each in common for stem in _telling(each)}
    mine = _telling(text) - passed_over
    best, found = ALIKE, None
    for number, other in others:
        shared = share(mine, _telling(other) - passed_over)
        if shared >= best:
            best, found = shared, number
    return found


def _telling(text: str) -> set[str]:
    return {word.stem for word in content(words(text))}


def share(mine: set[str], theirs: set[str]) -> float:
    """What share of the fewer telling words two texts have in common, spelling slips forgiven."""
    fewer, more = sorted((mine, theirs), key=len)
    if len(fewer) < _FEWEST:
        return 0.0
    known = list(more)
    hits = sum(1 for word in fewer if process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=85))
    return hits / len(fewer) if hits >= _FEWEST else 0.0
