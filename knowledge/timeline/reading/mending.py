"""What feeds break and how it is mended: text read in the wrong alphabet, figures and days that stand for nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from knowledge.register.reading.values import read_text

MOST = Decimal(10) ** 11
"""More pounds than any English council ever spent on one contract."""


def mend_text(text: str) -> str:
    """A text as it was meant."""
    return read_text(text)


def plausible_sum(amount: Decimal) -> Decimal | None:
    """A sum in pounds, None where it stands for nothing: below two pounds, or more than any contract."""
    return amount if amount.is_finite() and 1 < amount <= MOST else None


def plausible_day(day: date) -> date | None:
    """A day, None where it stands for none: before 1990, or a placeholder far ahead."""
    return day if 1990 <= day.year <= 2099 else None
