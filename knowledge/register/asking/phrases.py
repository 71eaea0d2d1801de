"""How people ask: the expressions of `knowledge/data/asking`, ready to be looked for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_SUBS = r"(?:sub[- ]?contract(?:ors?|s)?|sub[- ]?suppliers?|supply chains?)"
_GOES = r"(?:goes|go|going|passed|passes|flows|sub[- ]?contracted|spent)(?: (?:on|down|out))*"
_STANDS_FOR = {
    "SUBS": _SUBS,
    "GOES": _GOES,
    "HOW ": (
        r"(?:within|in|inside|under|up to|no later than|by|less than|later than|after|over|more than|longer than|"
        r"beyond|of|at|exactly) "
    ),
    "SMALL": (
        r"(?:smes?|small(?:er)?(?: (?:and|&|or) medium(?:[- ]sized)?)?(?: (?:firms?|business(?:es)?|compan(?:y|ies)|"
        r"enterprises?|providers?|suppliers?))?)"
    ),
    "SOCIAL": (
        r"(?:vcses?|vcs|charit(?:y|ies)|social enterprises?|(?:the )?voluntary(?: and community)?"
        r"(?: (?:sector|organi[sz]ations?|groups?))?|(?:the )?third sector|community groups)"
    ),
    "TOP?": (
        r"(?:(?:top|first|the)? ?(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twenty) )?"
    ),
    "NO ": (
        r"(?:with no|no|without an?|without|lack(?:s|ing)?(?: an?)?|missing(?: an?| their)?|"
        r"not (?:got|have|having) an?|"
        r"(?:has|have)(?:n't| not)(?: got)? an?|don't have an?|with an? (?:blank|empty|vacant)) "
        r"(?:named |listed |recorded |given |assigned )?"
    ),
}  # fmt: skip


@cache
def phrases(section: str, file: str = "phrases.toml") -> dict[str, re.Pattern[str]]:
    """The expressions of one section of a file by name, in the file's order; each name's as one pattern."""
    text = files("knowledge").joinpath("data", "asking", file).read_text(encoding="utf-8")
    return {name: _compiled(said) for name, said in tomllib.loads(text)[section].items()}


def _compiled(said: list[str]) -> re.Pattern[str]:
    whole = "|".join(f"(?:{one})" for one in said)
    for short, long in _STANDS_FOR.items():
        whole = whole.replace(short, long)
    return re.compile(rf"(?<![\w-])(?:{whole})(?![\w-])", re.IGNORECASE)
