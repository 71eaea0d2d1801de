"""Timed: patterns in concerns are found, written down, and told once to the contract's manager and director.

Timed, and not where a concern is raised or moved, so that every way in which one comes to a contract counts, and so
that one process at a time looks: what it writes down is what nobody tells again.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.reviews.who import director, steps, tell
from knowledge import patterns
from knowledge.concerns.nouns import Concern
from knowledge.outbox.owed import Owed
from knowledge.patterns import Common, Pattern, counted
from knowledge.register.contract import Contract
from knowledge.register.holding import contract as held_contract
from knowledge.workdays import day_of

KIND = "pattern"


def find(connection: Connection, desk: Desk) -> int:
    """Finds them and owes word of them. Returns how many were found."""
    within = timedelta(days=desk.pattern_days)
    found = patterns.find(connection, desk.now(), desk.pattern_concerns, within, _common)
    for one in found:
        held = held_contract(connection, one.contract)
        if held:
            tell(connection, desk, held.contract, _to(connection, held.contract, desk), KIND, subject_of(one), {
                "pattern": one.id, "contract": one.contract,
            })  # fmt: skip
    return len(found)


def subject_of(one: Pattern) -> str:
    """A pattern as a notification's subject."""
    return f"pattern:{one.id}"


def _to(connection: Connection, contract: Contract, desk: Desk) -> list[str]:
    """The manager, or who comes after them, and the director."""
    found = steps(connection, contract, desk)
    return [one.email for one in (next(iter(found), None), director(found)) if one]


def pass_on(connection: Connection, owed: Owed, desk: Desk) -> None:
    """One of them is not reached: whoever comes after them is told."""
    held = held_contract(connection, str(owed.about.get("contract", "")))
    if held:
        to = _to(connection, held.contract, desk)
        tell(connection, desk, held.contract, to, KIND, owed.subject, owed.about, again=True)


def _common(concerns: list[Concern]) -> Common:
    """Their services, the districts they are about, and the Mondays of the weeks in which they were raised; each with
    how many."""
    days = [day_of(one.raised_at) for one in concerns]
    return {
        "services": counted(one.service for one in concerns),
        "districts": counted(one.district for one in concerns if one.district),
        "weeks": counted((day - timedelta(days=day.weekday())).isoformat() for day in days),
    }
