"""When a contract's next review is due, what those before found, and which were missed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.models import Noun
from knowledge.register.contract import Contract, State
from knowledge.register.holding import contracts
from knowledge.store import aware
from knowledge.tables import contract_review, party


class Finding(StrEnum):
    """What a review found: whether the contract's outcomes are met."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"


class Review(Noun):
    """A review that was recorded. `contract`: a key of the register; `due_on`: the day it was due; `changes`: what
    changes, in the words of whoever recorded it; `next_on`: the day of the next, None where there is none to come;
    `recorded_by`: an address, "" for the command line."""

    id: int
    contract: str
    due_on: date
    outcome: Finding
    changes: str
    next_on: date | None
    recorded_by: str = ""
    recorded_at: datetime


class Due(NamedTuple):
    """A contract in force, and the day its next review is due, or was."""

    contract: Contract
    on: date


def due_on(contract: Contract, connection: Connection) -> date | None:
    """The day the contract's next review is due, or was; None where none is scheduled."""
    return _due(contract.review, last_of(connection, contract))


def _due(scheduled: date | None, last: Review | None) -> date | None:
    """What the register schedules, unless that review is recorded: then the one its record names."""
    if last is None or (scheduled and scheduled > last.due_on):
        return scheduled
    return last.next_on


def last_of(connection: Connection, contract: Contract) -> Review | None:
    """The review recorded last."""
    return next(iter(reviews_of(connection, contract, most=1)), None)


def reviews_of(connection: Connection, contract: Contract, *, most: int | None = None) -> list[Review]:
    """The reviews recorded of a contract, the last one first. Those undone are none."""
    return _reviews(connection, contract_review.c.contract == contract.key, most=most)


def recorded_between(connection: Connection, start: datetime, end: datetime) -> list[Review]:
    """The reviews recorded from one moment until before another, of every contract, the last one first."""
    at = contract_review.c.recorded_at
    return _reviews(connection, at >= start, at < end)


def _reviews(connection: Connection, *where: sa.ColumnElement[bool], most: int | None = None) -> list[Review]:
    c = contract_review.c
    query = (
        sa.select(contract_review, party.c.address)
        .outerjoin(party, c.recorded_by == party.c.id)
        .where(c.undone_at.is_(None), *where)
        .order_by(c.id.desc())
        .limit(most)
    )
    return [
        Review(
            id=row.id, contract=row.contract, due_on=row.due_on, outcome=row.outcome, changes=row.changes,
            next_on=row.next_on, recorded_by=row.address or "", recorded_at=aware(row.recorded_at),
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def scheduled(connection: Connection, day: date) -> list[Due]:
    """Every contract in force on a day whose next review has a day, the longest due first."""
    last = last_reviews(connection)
    in_force = [one.contract for one in contracts(connection) if one.state(day) is State.IN_FORCE]
    found = [Due(one, on) for one in in_force if (on := _due(one.review, last.get(one.key)))]
    return sorted(found, key=lambda one: (one.on, one.contract.key))


def missed(connection: Connection, day: date) -> list[Due]:
    """The contracts in force whose review was due before this day and is not recorded, the longest due first."""
    return [one for one in scheduled(connection, day) if one.on < day]


def last_reviews(connection: Connection) -> dict[str, Review]:
    """The review recorded last of every contract that has one, by its key."""
    last: dict[str, Review] = {}
    for one in _reviews(connection):
        last.setdefault(one.contract, one)
    return last
