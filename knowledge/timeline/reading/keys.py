"""What tells a procurement from all others, written alike whoever wrote it."""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\W_]+")


def reference_key(buyer: str, reference: str) -> str:
    """The buyer's own reference with the buyer before it, without case and marks: "ref:marlshire council|sc 23"."""
    return f"ref:{_plain(buyer)}|{_plain(reference)}"


def _plain(text: str) -> str:
    return _MARKS.sub(" ", text.casefold()).strip()
