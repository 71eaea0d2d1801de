"""The words of a message with what tells names from other words: capitals, and what stands before each."""

from __future__ import annotations

import re
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+(?:['’`´\-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’`´]s?$")
_MARKS = re.compile(r"['’`´]")
_NAME_IS = re.compile(r"\b([Nn]ame)['’`´]?s\b(?= [A-Z])")
_SHOUTED = 0.6
"""From this share of capitals on a text is shouted, and its capitals tell nothing."""


class Word(NamedTuple):
    """A word: in small letters without apostrophes or a possessive, whether it has a capital, what stands before it."""

    key: str
    capital: bool
    gap: str

    @property
    def close(self) -> bool:
        """Whether only a blank or a stop after a title or initial separates it from the word before."""
        return self.gap.strip(" \t") in ("", ".") and 0 < len(self.gap) <= 4

    @property
    def joined(self) -> bool:
        """Whether only blanks separate it from the word before."""
        return self.gap != "" and not self.gap.strip(" \t")


NOTHING = Word("", False, "\n")


def written_words(text: str) -> list[Word]:
    """The words of a plain text, in order."""
    if _shouted(text):
        text = text.lower()
    text = _NAME_IS.sub(r"\1 is", text)
    words, end = [], 0
    for match in _WORD.finditer(text):
        key = _MARKS.sub("", _POSSESSIVE.sub("", match.group().lower()))
        words.append(Word(key, _begins_large(match.group()), text[end : match.start()]))
        end = match.end()
    return words


def _begins_large(word: str) -> bool:
    """Whether a word has a capital that tells: not where all of it is shouted ("KEEP CLEAR")."""
    return word[0].isupper() and not (len(word) > 1 and word.isupper())


def _shouted(text: str) -> bool:
    letters = sum(sign.isalpha() for sign in text)
    return letters > 12 and sum(sign.isupper() for sign in text) > letters * _SHOUTED
