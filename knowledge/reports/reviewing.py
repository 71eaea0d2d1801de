"""Scheduled reviews as reports count them: to come, held, missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from knowledge.register.contract import State
from knowledge.register.holding import Held
from knowledge.reports.days import beginning
from knowledge.reports.nouns import Period
from knowledge.reviews import Due, Review, recorded_between, scheduled


@dataclass(frozen=True)
class Reviews:
    """The reviews of some contracts. `scheduled`: contracts in force whose next review is to come; `held`: recorded in
    the period, the oldest first; `missed`: due before the day of the report and not recorded; `unscheduled`: how many
    contracts in force have no day for one."""

    scheduled: tuple[Due, ...]
    held: tuple[Review, ...]
    missed: tuple[Due, ...]
    unscheduled: int


def reviews(connection: Connection, held: Sequence[Held], period: Period, day: date) -> Reviews:
    """The reviews of these contracts."""
    mine = {one.contract.key for one in held}
    found = recorded_between(connection, beginning(period.first), beginning(period.last + timedelta(days=1)))
    due = [one for one in scheduled(connection, day) if one.contract.key in mine]
    in_force = sum(one.state(day) is State.IN_FORCE for one in held)
    return Reviews(
        scheduled=tuple(one for one in due if one.on >= day), missed=tuple(one for one in due if one.on < day),
        held=tuple(one for one in reversed(found) if one.contract in mine), unscheduled=in_force - len(due),
    )  # fmt: skip
