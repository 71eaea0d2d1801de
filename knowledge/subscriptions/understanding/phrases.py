"""How people say what they want to hear of, ready to be looked for; and what they call kinds of work."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from knowledge.models import Noun


class Trade(Noun):
    """What people call a kind of work, and what they are told of who say so. `groups`: parts of the council, all of
    whose services count; `faint`: it only says for whom something is, where more is said;
    `broad`: there are many kinds of it, which another word tells apart."""

    said: tuple[str, ...]
    services: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    faint: bool = False
    broad: bool = False


def _data(file: str) -> dict[str, Any]:
    text = files("knowledge").joinpath("data", "subscriptions", file).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def said(section: str) -> dict[str, re.Pattern[str]]:
    """The expressions of one section by name, each name's as one pattern."""
    return {name: compiled(one) for name, one in _data("phrases.toml")[section].items()}


def compiled(expressions: list[str]) -> re.Pattern[str]:
    """Expressions as one pattern that fits whole words."""
    whole = "|".join(f"(?:{one})" for one in expressions)
    return re.compile(rf"(?<![\w-])(?:{whole})(?![\w-])", re.IGNORECASE)


@cache
def trades() -> tuple[Trade, ...]:
    """What people call kinds of work."""
    return tuple(Trade.model_validate(one) for one in _data("trades.toml")["trade"])


@cache
def pairs() -> re.Pattern[str]:
    """Expressions that are not taken apart at their "and"."""
    return compiled([re.escape(one) for one in _data("trades.toml")["pairs"]["words"]])


def written_out(text: str) -> str:
    """A text with what is easily mistaken written out: SEND and IT are words only in capitals; care at home is given
    in no care home; the elderly are older people."""
    for pattern, meant in _MISTAKEN:
        text = pattern.sub(meant, text)
    return text


_MISTAKEN = (
    (re.compile(r"[\d,.]{18,}|\w{60,}"), " "),
    (re.compile(r"(?<![\w.])SENDs?(?![\w.])(?! (?:ME|US)\b)"), "special educational needs"),
    (re.compile(r"(?<![\w.])I\.?T\.?(?![\w.])(?! (?:IS|WAS|WILL|HAS|GOES|CHANGES)\b)"), "ICT"),
    (re.compile(r"\bit (?=(?:support|services?|systems?|helpdesk|equipment|consult\w+|training|software)\b)"), "ICT "),
    (
        re.compile(r"\b(?:elderly(?: (?:people|persons|adults|residents))?|pensioners|OAPs)\b", re.IGNORECASE),
        "older people",
    ),
    (re.compile(r"\bcare (?:at|in) (?:the |their |people's |your )?(?:own )?homes?\b", re.IGNORECASE), "home care"),
)
