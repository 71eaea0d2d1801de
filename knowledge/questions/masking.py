"""Masking: what is kept of a question that seems to hold personal data. Nobody can say for certain where a name begins
and ends; so nothing is kept of such a question but words that the papers know too, and of these no name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet

from knowledge.personal import personal
from knowledge.personal.known_names import KnownNames, known_names
from knowledge.text import STOPWORDS, Word, words

MASK = "…"
_FIRST = re.compile(r"(?:^|[.!?:;]\s|\n)\s*$")


def masked(text: str, known: Callable[[Sequence[str]], AbstractSet[str]]) -> str:
    """A question as it is kept: word for word, or, where it seems personal, with "…" in the place of whatever could
    tell of somebody. `known`: which of some stems the papers hold."""
    if not personal(text):
        return text
    asked = list(words(text))
    held, names = known([word.stem for word in asked]), known_names()
    kept = (word.surface if _may_stay(word, text, held, names) else MASK for word in asked)
    return " ".join(_without_repeats(kept))


def asked_plainly(text: str) -> str:
    """A question as a way of asking: what was masked left out."""
    return " ".join(text.replace(MASK, " ").split())


def _may_stay(word: Word, text: str, held: AbstractSet[str], names: KnownNames) -> bool:
    if word.surface in STOPWORDS:
        return True
    written = text[word.start : word.end]
    capital = written[:1].isupper() and not _FIRST.search(text[: word.start])
    named = (
        word.surface.removesuffix("'s").removesuffix("’s")
        in names.forenames | names.also_words | names.surnames | names.surnames_also_words
    )
    return word.stem in held and word.surface.isalpha() and not capital and not named


def _without_repeats(pieces: Iterable[str]) -> Iterable[str]:
    before = ""
    for piece in pieces:
        if piece != MASK or before != MASK:
            yield piece
        before = piece
