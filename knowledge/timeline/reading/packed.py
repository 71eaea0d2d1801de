"""Suppliers as Contracts Finder packs them into one cell: [Name|Address|Ref type|Ref|SME|VCSE][Name|...]."""

from __future__ import annotations

import re

_ONE = re.compile(r"(?:^|\])\s*\[(?P<name>[^|]*)\|")
_NOBODY = re.compile(r"null|none|n/?a|tb[acd]|-+|\.+|not (applicable|awarded( to supplier)?)|no award", re.I)


def supplier_names(cell: str) -> tuple[str, ...]:
    """The names in a cell, each once, in order; an unpacked cell is one name. What names nobody is left out."""
    found = [one["name"] for one in _ONE.finditer(cell)] if cell.lstrip().startswith("[") and "|" in cell else [cell]
    names: dict[str, str] = {}
    for name in found:
        tidy = " ".join(name.split()).rstrip(" ,")
        if tidy and not _NOBODY.fullmatch(tidy):
            names.setdefault(tidy.casefold(), tidy)
    return tuple(names.values())
