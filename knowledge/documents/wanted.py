"""What kind of thing a question wants to hear, and whether a text holds one: a sum, a share, a number, a date, a way to
reach somebody, how things stand today. (Or a deed, which no text can do.) A passage about the right subject that holds
none does not answer "how much".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_COUNTS = (
    "one two three four five six seven eight nine ten eleven twelve fifteen eighteen twenty thirty forty fifty sixty "
    "hundred thousand half third quarter none single both majority"
)
_MONTHS = (
    "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov "
    "november dec december"
)
_SEASONS = "spring summer autumn winter annual annually yearly monthly weekly quarterly daily ongoing"

_NEVER = r"(?!)"
"""A pattern that nothing matches."""


def _any(words: str) -> str:
    return "|".join(words.split())


class Kind(NamedTuple):
    """A kind of thing: how a question asks for it, how a text holds it."""

    name: str
    asks: re.Pattern[str]
    holds: re.Pattern[str]


def _kind(name: str, asks: tuple[str, ...], holds: tuple[str, ...]) -> Kind:
    return Kind(name, re.compile("|".join(asks), re.IGNORECASE), re.compile("|".join(holds), re.IGNORECASE))


_KINDS = (
    _kind(
        "money",
        (
            r"\bhow much (?!of|more|notice|time|weight|detail|say|input|emphasis|influence|freedom|importance)",
            "£",
            r"\b(budget|prices?|costs?|salary|fee|sum|max(imum)? grant|insurance) (of|is|for|to|we|limit|level)\b",
            r"\bwhat (is|was|are|were) the (\w+ )?(budget|price|cost|value|salary|fee|rate|saving|spend|fine)\b",
        ),
        (r"[£€$]\s?\d", r"\d\s?(%|per cent|pounds|pence|p\b)", r"\b\d[\d,.]*\s?(k|m|bn|million|billion)\b"),
    ),
    _kind(
        "share",
        (r"\b(what|which)\s*(%|per ?cent|percentage|proportion|share)", r"^\s*%"),
        (r"\d\s?(%|per cent)", r"\bpercent", r"\b(half|third|quarter|majority)\b"),
    ),
    _kind(
        "count",
        (r"\bhow many\b", r"\b(what|which)( (is|was|are|were))?( the)?( \w+)? number of\b"),
        (r"(?<![\w.])(?!(19|20)\d\d\b)\d[\d,]*\b(?!\.\d)", rf"\b({_any(_COUNTS)})\b"),
    ),
    _kind(
        "length",
        (r"\bhow (often|long|old|big)\b",),
        (r"\d", rf"\b({_any(_COUNTS)})\b", rf"\b({_any(_SEASONS)})\b", r"\b(each|every|year|month|week|day)s?\b"),
    ),
    _kind(
        "date",
        (
            r"^\s*(and |so |but )?when (is|was|are|were|does|did|do|will|must|should|can)\b",
            r"\bby when\b",
            r"\b(deadline|what date|which date|expir\w+|closing date)\b",
        ),
        (
            r"\b(19|20)\d\d\b",
            r"\b\d\d?/\d\d\b",
            rf"\b({_any(_MONTHS)})\b",
            rf"\b({_any(_SEASONS)})\b",
            r"\b(each|every|per|(once|twice) an?|within|after|before) (\w+ ){0,3}"
            r"(day|week|month|quarter|year|stage)s?\b",
        ),
    ),
    _kind(
        "contact",
        (
            r"\b(e-?mail( address)?|phone|telephone|tel|contact details?|postal address)\b",
            r"\b(web ?link|link to|url|web ?site|download|log ?-?in|password|username)\b",
        ),
        (r"@", r"https?://", r"www\.", r"\b0\d{3,4}[\s-]?\d{3}"),
    ),
    _kind(
        "present",
        (
            r"\b(right now|at the moment|currently|today|tomorrow|yesterday|nowadays|these days)\b",
            r"\b(this|last) (week|month|year|meeting)\b",
        ),
        (r"\b(now|currently|at present|today|at the moment|to date|ongoing)\b",),
    ),
    _kind(
        "deed",
        (
            r"^\W*(please )?(can|could|will|would) (you|u) (please )?"
            r"(write|draft|send|fill|book|submit|register|sign|call|email|translate|create|update|fix|delete|cancel)\b",
            r"\b(reset|forgot(ten)?|change) (my|the|a) password\b",
        ),
        (_NEVER,),
    ),
)


def wanted(question: str) -> frozenset[str]:
    """The kinds of thing a question wants: money, share, count, length, date, contact, present, deed."""
    return frozenset(kind.name for kind in _KINDS if kind.asks.search(question))


def lacking(kinds: Iterable[str], text: str) -> frozenset[str]:
    """Those kinds of which a text holds nothing."""
    return frozenset(kind.name for kind in _KINDS if kind.name in set(kinds) and not kind.holds.search(text))
