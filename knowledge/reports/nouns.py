"""What is counted for reports: numbers and keys, never a text and never a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

NOT_SAID = ""
"""The key of a contract, a service or a district that a concern does not name."""


class Timely(StrEnum):
    """Whether something was done in time. `PENDING`: it is not due yet, or nobody waits for it any more."""

    IN_TIME = "in_time"
    LATE = "late"
    PENDING = "pending"


class Fixed(StrEnum):
    """What the Member said when asked whether it was put right. `SILENT`: asked, and nothing said yet."""

    YES = "yes"
    NO = "no"
    SILENT = "silent"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included; days are London's."""

    first: date
    last: date


@dataclass(frozen=True)
class Scope:
    """Of what a report is. `contracts`: keys of the register, None for every concern, those without a contract too."""

    period: Period
    contracts: tuple[str, ...] | None = None


class Kind(NamedTuple):
    """Concerns that the figures cannot tell apart. `ended`: how they ended, "open", or "answered" where they are
    answered and not closed."""

    contract: str
    service: str
    district: str
    acknowledged: Timely
    answered: Timely
    ended: str
    reopened: bool
    fixed: Fixed


class Asked(NamedTuple):
    """Questions to providers that the figures cannot tell apart."""

    contract: str
    answered: Timely


@dataclass(frozen=True)
class Counted:
    """The concerns of a scope. `kinds`: how many there are of each kind; `days`: by contract, service and district,
    how many were answered in so many working days."""

    kinds: Mapping[Kind, int]
    days: Mapping[tuple[str, str, str], Counter[int]]
    asked: Mapping[Asked, int]


@dataclass(frozen=True)
class InTime:
    """How many were in time and how many late; None where that is not shown."""

    in_time: int | None = 0
    late: int | None = 0

    @property
    def due(self) -> int | None:
        """How many were due."""
        return None if self.in_time is None or self.late is None else self.in_time + self.late

    @property
    def share(self) -> float | None:
        """The part that was in time, 0 to 1; None where none was due, or it is not shown."""
        return self.in_time / self.due if self.in_time is not None and self.due else None


@dataclass(frozen=True)
class Figures:
    """What is counted of the concerns whose answer is given, or was due. None stands for what is not shown, of
    `median_days` (working days from raised to answered) also for fewer than five answered."""

    concerns: int | None
    acknowledged: InTime
    answered: InTime
    reopened: int | None
    median_days: float | None = None


@dataclass(frozen=True)
class Tables:
    """The concerns of a scope together and by contract, service and district, the most first; none by what all have in
    common. `raised`: all of them, those not due yet too, unless `only_due`; `ended`: these by how, `fixed`: by what the
    Member said; `providers`: what providers were asked and have answered, or should have. None stands for what is not
    shown."""

    raised: int | None
    only_due: bool
    whole: Figures
    ended: Mapping[str, int | None]
    fixed: Mapping[str, int | None]
    contracts: Mapping[str, Figures]
    services: Mapping[str, Figures]
    districts: Mapping[str, Figures]
    all_providers: InTime
    providers: Mapping[str, InTime]


def median(days: Mapping[int, int]) -> float | None:
    """The middle of so many of each, None for none."""
    spread: Sequence[int] = sorted(Counter(days).elements())
    if not spread:
        return None
    middle = len(spread) // 2
    return float(spread[middle]) if len(spread) % 2 else (spread[middle - 1] + spread[middle]) / 2
