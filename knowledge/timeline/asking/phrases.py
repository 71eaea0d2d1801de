"""How people ask about coming work, ready to be looked for; and misspelt words of this trade set right."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from knowledge.register.asking.phrases import phrases
from knowledge.register.finding.clues import meant_word
from knowledge.register.reader import RegisterReader
from knowledge.text import words

_FILE = "timeline.toml"
_IT = re.compile(r"(?<![\w.])I\.?T\b\.?(?=\s*\w|\W*$)")
"""In capitals, computers; in small letters a little word."""
_MISSPELT = 84.0
"""How alike a misspelt word must be, of 100."""


def said(section: str) -> dict[str, re.Pattern[str]]:
    """The expressions of one section by name."""
    return phrases(section, _FILE)


def mended(text: str, reader: RegisterReader) -> str:
    """A text with the words set right that are nobody's and near to one of this trade or of the catalogue's."""
    text = text if text.isupper() else _IT.sub("ICT", text)
    found, at = [], 0
    for word in words(text):
        right = _meant(word.surface, reader) or (meant_word(word, reader) if word.surface not in _spelt() else "")
        if right:
            found += [text[at : word.start], right]
            at = word.end
    return "".join((*found, text[at:]))


def _meant(surface: str, reader: RegisterReader) -> str:
    if len(surface) < 5 or surface in _spelt() or surface in reader.ordinary or not surface.isalpha():
        return ""
    best = process.extractOne(surface, _spelt(), scorer=fuzz.ratio, score_cutoff=_MISSPELT)
    return str(best[0]) if best and best[0][0] == surface[0] else ""


@cache
def _spelt() -> tuple[str, ...]:
    text = files("knowledge").joinpath("data", "asking", _FILE).read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["spelt"]["words"])
