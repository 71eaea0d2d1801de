"""One column of the template by itself: for a form's field, and for `desk timeline change`."""

from __future__ import annotations

from typing import Any

from knowledge.timeline.nouns import Terms
from knowledge.timeline.reading.cells import BadCell, read_cell
from knowledge.timeline.reading.headings import fit, load_template

_SEVERAL: dict[str, tuple[str, ...]] = {"value": ("low", "high"), "service": ("service", "category")}
"""Columns that say more than one field of the terms."""
_NO_FIELDS = ("reference", "reason")


def read_field(heading: str, text: str) -> dict[str, Any]:
    """What a column's cell says, by field of the terms. Raises BadCell where there is no such column, or the cell
    cannot be read."""
    found = fit(heading)
    if len(found) != 1 or found[0].field in _NO_FIELDS:
        known = ", ".join(one.heading for one in load_template().column if one.field not in _NO_FIELDS and one.shown)
        raise BadCell(f"{heading!r} is none of the fields: {known}")
    return read_named(found[0].field, text, found[0].heading)


def read_named(name: str, text: str, heading: str) -> dict[str, Any]:
    """What a cell of a column says, by field of the terms; an empty one empties its fields. Raises BadCell."""
    cell = read_cell(name, text.strip(), heading)
    if name == "notices":
        return {"related": cell.get("notices", ())}
    empty = {field: Terms.model_fields[field].default for field in _SEVERAL.get(name, (name,))}
    return {**empty, **cell}
