"""Whether a new concern tells of what an open one on the same contract tells of already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from knowledge.text import content, stem, words

ALIKE = 0.4
"""Share of what the shorter text tells that the other must tell too. Tuned on tests/data/alike.jsonl."""
_LEAST = 3.0
"""How much two texts must have in common, in telling words: fewer say nothing."""
_SPELLED = 80
"""How alike two words must be, of 100, to be one word."""
_LITTLE = 0.5
_KINDS = (
    "road street lane close way avenue drive hill court place man woman lady gentleman gent chap girl boy child "
    "children mother mum old elderly resident constituent family people day week fortnight month morning evening night "
    "today yesterday time"
)
_SAYS_LITTLE = frozenset(stem(word) for word in _KINDS.split())
"""Kinds of road, people and times count half: two concerns have them in common for being concerns."""


def most_alike(text: str, others: Sequence[tuple[int, str]], common: Iterable[str] = ()) -> int | None:
    """The number of the text that tells of the same, None where none does. `others`: number and text; `common`: texts
    whose words every concern about this contract has, such as its title."""
    passed_over = {one for each in common for one in _telling(each)}
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
    """What share of what the shorter of two texts (as stems) tells the other tells too, spelling slips forgiven."""
    fewer, more = sorted((mine, theirs), key=len)
    known = list(more)
    hits = [word for word in fewer if process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_SPELLED)]
    return _weight(hits) / _weight(fewer) if _weight(hits) >= _LEAST else 0.0


def _weight(stems: Iterable[str]) -> float:
    return sum(_LITTLE if one in _SAYS_LITTLE else 1.0 for one in stems)
