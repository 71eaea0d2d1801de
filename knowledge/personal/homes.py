"""Addresses of homes, by postcode. What is said of a home in words is in circumstances.toml.

A house number and a road alone are where a thing is ("pothole outside 14 High Street"); with the whole postcode they
are a household's address, as they are where somebody is said to be there ("the lady at 14")."""

from __future__ import annotations

import re

_POSTCODE = re.compile(r"(?i)(?<!\w)[a-z]{1,2}\d[a-z\d]? ?(\d[abd-hjlnp-uw-z]{2})(?!\w)")
_NO_POSTCODE = frozenset(("st", "nd", "rd", "th", "ft", "hr", "yr"))
"""What letters after a figure mean in ordinary writing: "A2 1st"."""
_HOUSES = "house|cottages?|farm|lodge|bungalow|villa|barn|manor|forge|rectory|oast|stables|grange|vicarage|hall|mill"
_NUMBERED = re.compile(
    r"(?i)(?<![\w.£/:])(?:\d{1,4}[a-z]?(?: ?[-/] ?\d{1,4})?,? [a-z]|(?:flat|apartment) \w)"
    rf"|\b\w{{2,20}} (?:{_HOUSES})\b"
)
_ROADS = (
    "road|rd|street|st|lane|ln|avenue|ave|close|drive|way|gardens|gdns|crescent|cres|terrace|hill|rise|grove|court|place"
    "|row|walk|mews|square|parade|green|park|view|mead|mount|vale|bank|cottages"
)
_HOUSE = re.compile(rf"(?i)(?<![\w.£/:])\d{{1,4}}[a-z]?,? (?:[a-z'’.]{{2,20}} ){{1,3}}(?:{_ROADS})\b")
_BEFORE = 80
"""Characters before a postcode in which its house stands."""


def address(written: str) -> bool:
    """Whether a text gives a whole postcode with a house number, a flat or a house's name before it."""
    return any(
        _NUMBERED.search(written, max(0, match.start() - _BEFORE), match.start())
        for match in _POSTCODE.finditer(written)
        if match[1][1:] not in _NO_POSTCODE
    )


def house(written: str) -> bool:
    """Whether a text names a numbered house on a road, which together with a name is an address."""
    return bool(_HOUSE.search(written)) or any(m[1][1:] not in _NO_POSTCODE for m in _POSTCODE.finditer(written))
