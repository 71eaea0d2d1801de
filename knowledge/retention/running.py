"""All that is over its time is cleared, in one transaction, and accounted for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from knowledge.audit import Deed, account
from knowledge.retention.periods import Periods
from knowledge.retention.rules import RULES


def clear_all(connection: Connection, now: datetime, periods: Periods) -> dict[str, int]:
    """Clears it. Returns how much there was of each kind, by the rules' names."""
    counts = {rule.name: rule.clear(connection, now, periods) for rule in RULES}
    if cleared := {name: count for name, count in counts.items() if count}:
        account(connection, Deed.CLEARED, "list", "retention", now, counts=cleared)
    return counts
