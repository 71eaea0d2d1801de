"""What stands in a home."""

from __future__ import annotations

from typing import NamedTuple

from handlers.messages import Choice

SHOWN = 5
"""Rows of a part."""


class Row(NamedTuple):
    """A line. `small`: what is said under it; `button`: what may be done about it."""

    what: str
    small: str = ""
    button: Choice | None = None


class Part(NamedTuple):
    """Rows under a heading. `note`: what is said before them, `empty`: where there are none; `more`: how many are left
    out, and `page`: the path of the page that has them, "" for none."""

    title: str
    rows: tuple[Row, ...] = ()
    note: str = ""
    empty: str = ""
    more: int = 0
    page: str = ""
