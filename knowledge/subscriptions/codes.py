"""Codes that people write in several ways, in one form."""

from __future__ import annotations

import re

_CPV = re.compile(r"(\d{2,8})(?:-\d)?")
_REGION = re.compile(r"(?:UK|TL|TLU)?([C-N](?:\d\w{0,2})?)")


def cpv_prefix(code: str) -> str:
    """The digits that tell a CPV code from others: 85312400-8, 85.31.24, 853124xx and 853124 are all "853124". What
    lies below a code begins with them. Raises ValueError where it is no code."""
    bare = re.sub(r"[\s.]|-(?=\d\d)|(?:x{2,}|[*]+)$", "", code, flags=re.IGNORECASE)
    found = _CPV.fullmatch(bare)
    if not found:
        raise ValueError(f"{code.strip()[:40]!r} is no CPV code: two to eight digits")
    return found[1].rstrip("0") if len(found[1].rstrip("0")) >= 2 else found[1][:2]


def region_code(code: str) -> str:
    """A region's code without the country: UKJ4 (NUTS) and TLJ4 (ITL) are the same. Raises ValueError where it is
    none of the United Kingdom's."""
    found = _REGION.fullmatch(code.strip().upper())
    if not found:
        raise ValueError(f"{code.strip()[:40]!r} is no region's code, such as UKJ4")
    return found[1]
