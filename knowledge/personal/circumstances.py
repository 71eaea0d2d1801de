"""What a message tells of somebody's health, home, birth or private life, by the phrases of circumstances.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from knowledge.danger.lexicon import Lexicon
from knowledge.danger.phrases import Span, parse

_HARMLESS = "harmless"
_ABBREVIATED = re.compile(r"\b(?:no|nos|st|rd|ave|apt|w)[./](?=\s?\w)", re.IGNORECASE)
"""Full stops that end no sentence: "no. 9", "w/ MS"."""
_BIRTH = re.compile(r"\bd\.? ?o\.? ?b\b\.?", re.IGNORECASE)
_CAPITALS = re.compile(r"\b(with|has|have|got|w/) ?ME\b")
"""An illness that only its capitals tell from a little word."""


class Told(NamedTuple):
    """Reasons a text gives by itself, those it gives only beside a name or an address, and those it gives only
    where it gives no other."""

    plainly: frozenset[str]
    beside: frozenset[str]
    otherwise: frozenset[str]


@dataclass(frozen=True)
class Circumstances:
    """What circumstances.toml says: the phrases, the reasons they give, and how words end that give one."""

    lexicon: Lexicon
    reasons: tuple[str, ...]
    beside: str
    otherwise: str
    ended: str
    endings: re.Pattern[str]


def circumstances(written: str) -> Told:
    """What a plain text tells."""
    known = load_circumstances()
    found = known.lexicon.find(known.lexicon.tokens(_sentences(written)))
    harmless = {place for start, end in found[_HARMLESS] for place in range(start, end)}
    told = {reason for reason in known.reasons if any(_stands(span, harmless) for span in found[reason])}
    if known.endings.search(written.lower()):
        told.add(known.ended)
    beside, otherwise = (
        frozenset({reason}) if found[reason] else frozenset() for reason in (known.beside, known.otherwise)
    )
    return Told(frozenset(told), beside, otherwise)


def _sentences(written: str) -> str:
    """The text with stops only where sentences end: none in abbreviations or after a label ("Address: 14")."""
    closed = _BIRTH.sub("dob", _CAPITALS.sub(r"\1 myalgic", written))
    return _ABBREVIATED.sub(_opened, closed).replace(":", " ")


def _opened(match: re.Match[str]) -> str:
    """The abbreviation without its stop."""
    return "with " if match.group().lower().startswith("w") else match.group()[:-1] + " "


def _stands(span: Span, harmless: set[int]) -> bool:
    """Whether a phrase neither begins nor ends in a harmless one; what lies between is filling."""
    return span[0] not in harmless and span[1] - 1 not in harmless


@cache
def load_circumstances() -> Circumstances:
    """circumstances.toml, read once. Raises ValueError where a phrase uses a group that is not there."""
    text = files("knowledge").joinpath("data", "personal", "circumstances.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    beside, otherwise, spellings = data["company"], data["otherwise"], data["spellings"]
    told = {one["reason"]: one["says"] for one in [*data["tells"], beside, otherwise]}
    groups = {**data["groups"], **told, _HARMLESS: data["harmless"]["says"]}
    parsed = {name: tuple(parse(phrase, spellings) for phrase in phrases) for name, phrases in groups.items()}
    reasons = tuple(one["reason"] for one in data["tells"])
    ended = data["endings"]
    lexicon = Lexicon(parsed, spellings)
    return Circumstances(lexicon, reasons, beside["reason"], otherwise["reason"], ended["reason"], _endings(ended))


def _endings(ended: Mapping[str, Any]) -> re.Pattern[str]:
    """What finds a word, in small letters, with one of these endings."""
    letter, excepted = r"[^\W\d_]", "|".join(ended["not"])
    starts = rf"(?<!{letter})(?!(?:{excepted})(?!{letter}))"
    return re.compile(rf"{starts}{letter}{{3,24}}(?:{'|'.join(ended['says'])})(?!{letter})")
