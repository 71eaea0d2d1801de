"""What reading a file gives: its lines. And how much of one is read at most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Unreadable(Exception):
    """A file that cannot be read; its text is the reason, for people."""


class Line(NamedTuple):
    """A line of a file. `kind`: text, heading, item, row. `cells` only for rows, `level` (1 to 6) only for headings."""

    text: str
    kind: str = "text"
    page: int | None = None
    level: int = 0
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extract:
    """What was read of a file."""

    lines: tuple[Line, ...]
    pages: int | None = None


@dataclass(frozen=True)
class Limits:
    """How much of one file the desk will read. Bytes, pages, seconds, bytes of memory, bytes unpacked."""

    file_bytes: int = 50_000_000
    pages: int = 3_000
    seconds: float = 60.0
    memory_bytes: int = 1_500_000_000
    unpacked_bytes: int = 300_000_000


@dataclass
class Building:
    """Lines while they are being read."""

    lines: list[Line] = field(default_factory=list)

    def add(self, text: str, kind: str = "text", **known: object) -> None:
        """One more line."""
        self.lines.append(Line(text=text, kind=kind, **known))  # type: ignore[arg-type]
