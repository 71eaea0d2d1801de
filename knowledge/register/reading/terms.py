"""Payment terms as registers write them: how many days."""

from __future__ import annotations

import re

_DAYS = re.compile(r"(\d{1,3})\s*(?:(?:calendar|working|business)\s+)?(days?|weeks?|d\b)", re.IGNORECASE)
_BARE = re.compile(r"(?:net|within|in|n)?\s*(\d{1,3})", re.IGNORECASE)
_A_WEEK = 7


def days_in(text: str) -> int | None:
    """The days within which is paid: 30 for "30 days", "Net 30", "within 30 days of a valid invoice", "30"; 28 for "4
    weeks". None where there is no number, or more than one ("14 days for SMEs, else 30 days")."""
    plain = " ".join(text.split())
    if bare := _BARE.fullmatch(plain):
        return int(bare[1])
    found = {int(number) * (_A_WEEK if unit.lower().startswith("week") else 1) for number, unit in _DAYS.findall(plain)}
    return found.pop() if len(found) == 1 else None
