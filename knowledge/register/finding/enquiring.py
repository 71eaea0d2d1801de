"""Whether a message asks for information (of a contract, the rules or the desk itself) or raises a concern."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from knowledge.register.finding.clues import Clues

_ASKING = -2.5
"""From here down a message asks, whatever its words."""
_LONG = 40
"""Words from which a message tells a story: what it asks in passing is not what it is about."""
_SURE = 0.75
"""How surely a name must be said to count."""
_TOLD = 4
"""Words for trouble and for somebody from which on a message tells of it, even where it asks something too."""


def asks(text: str, clues: Clues) -> bool:
    """Whether a message asks for information. One that tells of somebody's trouble as well raises a concern."""
    if len(text.split()) > _LONG or not clues.stems:
        return False
    if _pattern("desk").search(text):
        return True
    if _pattern("contracts").search(text) or _pattern("rules").search(text):
        return _count("trouble", text) + _count("somebody", text) < _TOLD
    return leaning(text, clues) < _ASKING


def leaning(text: str, clues: Clues) -> float:
    """How far a message leans towards telling of somebody's trouble (above 0) or asking for information (below). The
    weights are those of a logistic regression over concerns and questions, rounded."""
    best = clues.services[0][1] if clues.services else 0.0
    return (
        2.0 * min(4, _count("trouble", text))
        + 2.8 * min(3, _count("somebody", text))
        - 3.5 * bool(_pattern("opening").match(text.lstrip("\"'“‘ \n\t")))
        - 2.3 * text.rstrip().endswith("?")
        + 1.2 * any(name.sure >= _SURE for name in clues.names)
        + 2.0 * (clues.where.source == "text")
        + 0.08 * min(40.0, best)
        - 1.7
    )


def _count(name: str, text: str) -> int:
    """How many different expressions of a list stand in a text."""
    return len({match.group().lower() for match in _pattern(name).finditer(text)})


@cache
def _pattern(name: str) -> re.Pattern[str]:
    told = tomllib.loads(files("knowledge").joinpath("data", "enquiring.toml").read_text(encoding="utf-8"))
    choices = "|".join(f"(?:{one})" for one in told[name]).replace(" ", r"\s+").replace(r"\s+?", r"\s*")
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)
