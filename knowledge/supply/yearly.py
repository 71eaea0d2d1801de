"""What a contract counts: its value a year.

That is the register's value spread evenly over the months from start to end, and no more than the value where that is
under a year. The whole value would let a waste plant of 25 years outweigh everything that is let year by year. It is
what contracts are worth, not what was paid.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from knowledge.register.contract import Contract

_MONTH = Decimal("30.4375")
"""Days of a month, on average."""


def in_house(contract: Contract) -> bool:
    """Whether the council does it itself, so that no provider is paid."""
    said = contract.delivered_by.casefold().replace("-", " ").split()
    return said[:2] == ["in", "house"] or said[:1] == ["inhouse"]


def a_year(contract: Contract) -> int | None:
    """What a contract comes to a year, in pence; None without a value, a start or an end."""
    if contract.value is None or not contract.start or not contract.end:
        return None
    return round(contract.value * 100 * 12 / max(_months(contract.start, contract.end), Decimal(12)))


def _months(start: date, end: date) -> Decimal:
    """A term in months, both days included: 60 from 1 October 2022 to 30 September 2027, whatever the leap years."""
    after = end + timedelta(days=1) if end < date.max else end
    whole = (after.year - start.year) * 12 + after.month - start.month
    return whole + Decimal(after.day - start.day) / _MONTH
