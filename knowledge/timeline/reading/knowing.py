"""What a table is, by its headings; and what a file is that is none the timeline knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from knowledge.register.reading.headings import known as known_in_registers
from knowledge.timeline.reading.headings import fit, load_template
from knowledge.timeline.reading.opening import Table

KNOWN = (
    "The timeline reads the desk's own template, as CSV or .xlsx (it needs Reference and Title; "
    "`desk timeline template` writes an example), and Contracts Finder's CSV export (Notice Identifier, Notice Type, "
    "Organisation Name, Status, Title ...)"
)
_PLANS = frozenset(("stage", "route", "engagement", "tender", "closes", "reason"))
"""Columns no contract register has."""
_SHOWN = 12


class Headed(NamedTuple):
    """A way to read a file, its headings and their line."""

    table: Table
    headings: tuple[str, ...]
    line: int


def count_fields(headed: Headed) -> int:
    """How many of the template's fields the headings name."""
    return len({fit(heading) for heading in headed.headings} - {()})


def is_template(headings: Sequence[str]) -> bool:
    """Whether these are headings of the template, and not of a contract register."""
    fields = {found[0].field for heading in headings if len(found := fit(heading)) == 1}
    needed = {one.field for one in load_template().column if one.needed}
    return needed <= fields and bool(fields & _PLANS or not _is_register(headings))


def _is_register(headings: Sequence[str]) -> bool:
    found = {fitting.fields[0] for one in headings if one and (fitting := known_in_registers(one)) and fitting.fields}
    return {"title", "supplier"} <= found and len(found) >= 4


def why_not(name: str, headed: Sequence[Headed]) -> str:
    """What a file is instead, as far as can be told."""
    if any(_is_register(one.headings) for one in headed):
        return f"{name}: is a contract register, not a timeline: `desk register import` reads it. {KNOWN}"
    first = max(headed, key=lambda one: (count_fields(one), len(one.headings), -one.line), default=None)
    cells = [heading[:40] for heading in first.headings if heading] if first else []
    there = ", ".join(repr(cell) for cell in cells[:_SHOWN]) + (" ..." if len(cells) > _SHOWN else "")
    line = first.line if first else 1
    return f"{name}: no line near the beginning has headings the timeline knows; line {line} has {there}. {KNOWN}"
