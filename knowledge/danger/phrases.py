"""Phrases: a small language for saying which words to look for, so that an administrator can edit them as data.

  hit|slap ... <victim>     one of two words, up to eight words between, then any phrase of the group "victim"
  bruis*                    any word that begins so
  a .. b                    up to four words between
  been? left                a word that may be missing
  fell|gave_up              one word, or two that belong together
  {0-17}                    a number from 0 to 17

A plain word of three letters or more also stands for itself with an s ("carer" for "carers" and "carer's").
Apostrophes are left out on both sides ("cant" is "can't"). No phrase runs over the end of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

STOP = "."
_GAPS = {"..": 4, "...": 8}


class Element(NamedTuple):
    """One place of a phrase: what may stand there, whether it may be missing, and how wide a gap goes before it."""

    symbols: frozenset[str]
    optional: bool
    gap: int


class Token(NamedTuple):
    """A word of the text in plain letters, and where it stands. A sentence's end is a token too."""

    word: str
    start: int
    end: int


Phrase = tuple[Element, ...]
Span = tuple[int, int]
"""From which token up to which, the last not included."""


def parse(phrase: str, spellings: Mapping[str, str] | None = None) -> Phrase:
    """A phrase as written in the data, in the spelling the text is read in. Raises ValueError."""
    spelt = {word: for_it for word, for_it in (spellings or {}).items() if " " not in for_it}
    elements, gap = [], 0
    for piece in phrase.split():
        if piece in _GAPS:
            gap = _GAPS[piece]
            continue
        bare = piece.removesuffix("?")
        elements.append(Element(frozenset(_symbol(word, spelt) for word in bare.split("|")), bare != piece, gap))
        gap = 0
    if not elements or elements[0].optional or gap:
        raise ValueError(f"a phrase must begin and end with a word that stands there: {phrase!r}")
    return tuple(elements)


def _symbol(word: str, spelt: Mapping[str, str]) -> str:
    """One alternative as it is looked up: words that belong together stand as a group of their own."""
    return f"<{word}>" if "_" in word and word[0] != "<" else spelt.get(word, word)


def starts(phrase: Phrase, standing: Mapping[str, Mapping[int, int]]) -> Iterable[int]:
    """Where the phrase may begin: nowhere, where any of its words is missing from the text."""
    if any(not e.optional and standing.keys().isdisjoint(e.symbols) for e in phrase):
        return ()
    return [place for symbol in phrase[0].symbols if symbol in standing for place in standing[symbol]]


def end(
    phrase: Phrase, at: int, place: int, tokens: list[Token], standing: Mapping[str, Mapping[int, int]]
) -> int | None:
    """Where the phrase ends that has come to its element `at` and to this place, or None where it does not fit."""
    if at == len(phrase):
        return place
    element = phrase[at]
    for here in range(place, min(place + element.gap, len(tokens) - 1) + 1):
        for symbol in element.symbols:
            after = standing.get(symbol, {}).get(here)
            ending = end(phrase, at + 1, after, tokens, standing) if after is not None else None
            if ending is not None:
                return ending
        if here < len(tokens) and tokens[here].word == STOP:
            break
    return end(phrase, at + 1, place, tokens, standing) if element.optional else None
