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
