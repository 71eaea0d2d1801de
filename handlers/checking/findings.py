"""What a check finds."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

_NAMED = 10


class Severity(StrEnum):
    """How bad a finding is: a promise could not be kept; somebody should look at it; all is well."""

    MISSING = "missing"
    WARNING = "warning"
    FINE = "fine"


class Finding(NamedTuple):
    """One thing a check has looked at. `about`: its heading; `what`, and what to `do` about it, in sentences."""

    about: str
    severity: Severity
    what: str
    do: str = ""


def missing(about: str, what: str, do: str) -> Finding:
    """Something without which a promise could not be kept."""
    return Finding(about, Severity.MISSING, what, do)


def warning(about: str, what: str, do: str) -> Finding:
    """Something that somebody should look at."""
    return Finding(about, Severity.WARNING, what, do)


def fine(about: str, what: str) -> Finding:
    """Something that is as it should be."""
    return Finding(about, Severity.FINE, what)


def some(names: Sequence[str]) -> str:
    """The first of some names, and how many there are besides."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f", and {more:,} more" if more > 0 else "")


def counted(number: int, one: str, many: str) -> str:
    """So many of something: "1 contract", "12 contracts"."""
    return f"{number:,} {one if number == 1 else many}"
