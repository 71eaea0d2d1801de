"""The names of English district and unitary councils, by the area they are for."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def _councils() -> dict[str, str]:
    text = files("knowledge").joinpath("data", "services", "councils.csv").read_text(encoding="utf-8")
    return {row["area"].lower(): row["council"] for row in csv.DictReader(text.splitlines())}


def council_of(area: str) -> str:
    """The full name of an area's council ("Thanet" -> "Thanet District Council"); "Marlshire Council" for an area that
    no council is known for, "" for none."""
    if not area:
        return ""
    known = _councils()
    found = known.get(area.lower()) or known.get(f"city of {area.lower()}")
    return found or (area if area.lower().endswith("council") else f"{area} Council")
