"""Which journey a message is for, by its words alone.

The weights (knowledge/data/journeys/weights.csv: term, tells, and a column for each journey) were fitted by `python -m
tests.bench.fit_journeys` to messages of all five kinds. A term is a word's stem, two stems in a row, how a message
opens, how it ends, or how long it is: what it is about (home care, road salt) is said on every journey, and how it is
said is what tells them apart."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from knowledge.text import stems

LONGEST = 4_000
"""Characters of a message that are weighed."""
SHOWN = 3
"""Words that are named as what spoke for a journey."""
_GREETING = re.compile(
    r"^\W*(?:(?:hi|hiya|hello|hey|dear|good (?:morning|afternoon|evening))\b(?: there| all| desk)?\W*)+(?=\w)", re.I
)
_REFERENCE = re.compile(r"\b[A-Z]{2,6}-?\d[\w-]*\b")
_YEAR = re.compile(r"20[1-4]\d")
_LENGTHS = ((3, "1-3"), (8, "4-8"), (16, "9-16"), (30, "17-30"))
_MADE = ("^ ", "? ", "len ", "#", "refcode")
"""What terms begin with that are no words of the message."""


class Journey(StrEnum):
    """What the desk can do about a message."""

    DOCUMENTS = "documents"
    REGISTER = "register"
    TIMELINE = "timeline"
    CONCERN = "concern"
    SUBSCRIPTION = "subscription"


class Said(NamedTuple):
    """How far the words of a message speak for a journey (of two, the one with 1 more is 2.7 times as likely), and the
    words that say so most."""

    weighs: float
    words: tuple[str, ...]


class Weights(NamedTuple):
    """By term: what it tells (the rarer, the more) and what it weighs for each journey, in their order; the bias."""

    terms: dict[str, tuple[float, tuple[float, ...]]]
    bias: tuple[float, ...]


_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_THANKS = 2
"""Words up to which a sentence is taken for thanks or a name."""


def terms(text: str) -> list[str]:
    """The terms of a text, each once."""
    text = _GREETING.sub("", text[:LONGEST])
    found = [_bare(stem) for stem in stems(_REFERENCE.sub(" refcode ", text))]
    opening = [f"^ {found[0]}", f"^ {' '.join(found[:2])}"] if found else []
    asks = "end" if text.rstrip().endswith("?") else "in" if "?" in text else "no"
    length = next((name for most, name in _LENGTHS if len(found) <= most), "31+")
    pairs = (f"{one} {other}" for one, other in pairwise(found))
    return list(dict.fromkeys([*found, *pairs, *opening, f"len {length}", f"? {asks}"]))


def _bare(stem: str) -> str:
    """A figure says little by its size: years are all alike, and so are other numbers."""
    if not stem.replace(".", "").isdigit():
        return stem
    return "#year" if _YEAR.fullmatch(stem) else "#"


def values(said: Sequence[str], tells: dict[str, float]) -> list[tuple[str, float]]:
    """What each known term of a text counts: together they have the length 1, however long the text is."""
    known = [(term, tells[term]) for term in said if term in tells]
    length = math.sqrt(sum(told**2 for _, told in known)) or 1.0
    return [(term, told / length) for term, told in known]


def weigh(text: str) -> dict[Journey, Said]:
    """What the words of a message say of each journey."""
    weights, tells = load_weights(), _tells()
    counted = values(terms(text), tells)
    found = {}
    for place, journey in enumerate(Journey):
        parts = [(count * weights.terms[term][1][place], term) for term, count in counted]
        found[journey] = Said(weights.bias[place] + sum(part for part, _ in parts), _loudest(parts))
    return found


def last_sentence(text: str) -> str:
    """The last sentence of a text that is more than a word of thanks; all of it where it has but one."""
    sentences = [one for one in _SENTENCE.split(text[:LONGEST].strip()) if len(one.split()) > _THANKS]
    return sentences[-1] if sentences else text


def _loudest(parts: Sequence[tuple[float, str]]) -> tuple[str, ...]:
    spoke = sorted((part for part in parts if part[0] > 0), key=lambda part: -part[0])
    return tuple(term for _, term in spoke if not term.startswith(_MADE))[:SHOWN]


@cache
def _tells() -> dict[str, float]:
    return {term: told for term, (told, _) in load_weights().terms.items()}


@cache
def load_weights() -> Weights:
    """The weights as they ship."""
    text = files("knowledge").joinpath("data", "journeys", "weights.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    read = {row["term"]: (float(row["tells"]), tuple(float(row[name]) for name in Journey)) for row in rows}
    _, bias = read.pop("")
    return Weights(read, bias)
