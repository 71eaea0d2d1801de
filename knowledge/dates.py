"""Days as people say them."""

from __future__ import annotations

import re
from datetime import date


def in_words(given: str) -> str:
    """A date as a paper's list gives it, for people: "2026-06-30" -> "30 June 2026"; "2015" stays as it is."""
    if match := re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", given.strip()):
        try:
            day = date(int(match[1]), int(match[2]), int(match[3] or 1))
        except ValueError:
            return given
        return f"{day.day} {day:%B %Y}" if match[3] else f"{day:%B %Y}"
    return given
