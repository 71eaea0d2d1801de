"""Numbers and spans of time as people say them."""

from __future__ import annotations

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def ago(seconds: float) -> str:
    """A span of time, roughly: "40 seconds", "3 minutes", "2 days"."""
    whole = max(int(seconds), 0)
    for size, name in _UNITS:
        if whole >= size:
            return counted(whole // size, name, f"{name}s")
    return "less than a second"


def counted(number: int, one: str, several: str) -> str:
    """A number with its noun: "1 message", "2,000 messages"."""
    return f"{number:,} {one if number == 1 else several}"
