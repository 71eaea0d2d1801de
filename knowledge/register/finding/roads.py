"""Trunk roads: motorways and those A roads, whole or in part, that National Highways and not the county looks after."""

from __future__ import annotations

import re

_NUMBERS = (
    "1 2 3 5 11 12 13 14 19 20 21 23 27 30 31 34 35 36 38 40 42 43 45 46 47 49 50 52 55 56 57 63 64 66 69 120 160 162 "
    "168 174 180 184 249 259 282 303 404 405 414 417 419 421 428 446 449 453 458 483 494 500 516 550 556 590 595 616 "
    "628 663 1033 1089"
)
"""A roads of the strategic road network in England, from National Highways' published list. Many are trunk in part."""
_TRUNK = frozenset(_NUMBERS.split())
_ROAD = re.compile(r"\b(?:m(?P<motorway>\d{1,3})|a(?P<road>\d{1,4})(?P<suffix>\(m\))?)(?!\w)", re.IGNORECASE)


def trunk_road(text: str) -> str:
    """The first motorway or trunk road a text names, as it is written on signs ("M20", "A249"), or ""."""
    for match in _ROAD.finditer(text):
        if match["motorway"]:
            return f"M{match['motorway']}"
        if match["road"] in _TRUNK or match["suffix"]:
            return f"A{match['road']}{(match['suffix'] or '').upper()}"
    return ""
