"""Scheduled reviews as reports count them: to come, held, missed. What was written in them is nobody's here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.register.contract import State
from knowledge.register.holding import Held
from knowledge.reports.nouns import Period
from knowledge.store import aware
from knowledge.tables import contract_review
from knowledge.workdays import day_of


class Review(NamedTuple):
    """A review that was recorded. `outcome`: met, partly or not_met."""

    contract: str
    due_on: date
    outcome: str
    next_on: date | None
    recorded_at: datetime


@dataclass(frozen=True)
class Reviews:
    """The reviews of some contracts. `scheduled`: contracts in force with the day of their next review, to come;
    `held`: recorded in the period; `missed`: due before the day of the report and not recorded; `unscheduled`: how many
    contracts in force have no day for one."""

    scheduled: tuple[tuple[Held, date], ...]
    held: tuple[Review, ...]
    missed: tuple[tuple[Held, date], ...]
    unscheduled: int


def reviews(connection: Connection, held: Sequence[Held], period: Period, day: date) -> Reviews:
    """The reviews of these contracts."""
    recorded = _recorded(connection)
    mine = {one.contract.key: one for one in held}
    done = [one for one in recorded if one.contract in mine and _within(one, period)]
    last = {one.contract: one for one in recorded}
    in_force = [one for one in held if one.state(day) is State.IN_FORCE]
    due = [(one, _due(one, last.get(one.contract.key))) for one in in_force]
    dated = sorted(((one, on) for one, on in due if on), key=lambda pair: (pair[1], pair[0].contract.key))
    return Reviews(
        scheduled=tuple((one, on) for one, on in dated if on >= day), held=tuple(done),
        missed=tuple((one, on) for one, on in dated if on < day), unscheduled=len(in_force) - len(dated),
    )  # fmt: skip


def _within(review: Review, period: Period) -> bool:
    return period.first <= day_of(review.recorded_at) <= period.last


def _due(held: Held, last: Review | None) -> date | None:
    """What the register schedules, unless that review is recorded: then the one its record names."""
    scheduled = held.contract.review
    if last is None or (scheduled and scheduled > last.due_on):
        return scheduled
    return last.next_on


def _recorded(connection: Connection) -> list[Review]:
    """Every review recorded and not undone, the oldest first."""
    c = contract_review.c
    query = sa.select(c.contract, c.due_on, c.outcome, c.next_on, c.recorded_at).where(c.undone_at.is_(None))
    return [Review(*row[:4], aware(row[4])) for row in connection.execute(query.order_by(c.id))]
