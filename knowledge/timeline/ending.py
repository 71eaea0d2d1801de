"""Contracts that end soon and that no intention follows: what the register has and the timeline lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.periods import whole_month
from knowledge.register.contract import Contract, key_of
from knowledge.register.holding import Held, contracts
from knowledge.timeline.nouns import State

_BETWEEN = re.compile(r"[;,&\n]|\band\b", re.I)


class Ending(NamedTuple):
    """A contract that ends. `ends`: the day by which something has to be in its place: its end, or where that has
    passed and nobody said that it is over, the last day to which it can be extended."""

    contract: Contract
    ends: date

    @property
    def overrun(self) -> bool:
        """Whether its end has passed, so that it runs on, if at all, by an extension."""
        return self.contract.end != self.ends

    @property
    def extension(self) -> date | None:
        """The day to which it could still be extended, None for none."""
        further = self.contract.extension
        return further if further and further > self.ends else None


def ending(connection: Connection, day: date, months: int) -> list[Ending]:
    """The contracts that end within so many months and that no intention follows, the soonest first."""
    last, followed = months_after(day, months), followed_keys(connection)
    found = [one for one in _ending(contracts(connection), day) if one.ends <= last]
    return sorted(
        (one for one in found if not is_followed(one.contract, followed)), key=lambda one: (one.ends, one.contract.key)
    )


def ending_of(held: Held, day: date) -> Ending | None:
    """When a contract ends; None where it has ended, or runs without an end."""
    contract = held.contract
    if contract.end is None or (held.ended_on and held.ended_on <= day):
        return None
    ahead = [one for one in (contract.end, contract.extension) if one and one >= day]
    return Ending(contract, ahead[0]) if ahead else None


def _ending(found: Iterable[Held], day: date) -> Iterable[Ending]:
    return (one for held in found if (one := ending_of(held, day)))


def followed_keys(connection: Connection) -> frozenset[str]:
    """The contracts, as references are compared, that an intention of the council's follows, public or not; one that
    names several follows each of them. A withdrawn intention follows none."""
    table = tables.intention
    follows, state = table.c.about["follows"].as_string(), table.c.about["state"].as_string()
    query = sa.select(follows, state).where(table.c.own.is_(True), table.c.joined_to.is_(None), follows.is_not(None))
    said = [text for text, state in connection.execute(query) if state != State.WITHDRAWN.value]
    return frozenset(key for text in said for key in (key_of(text), *map(key_of, _BETWEEN.split(text))) if key)


def is_followed(contract: Contract, followed: frozenset[str]) -> bool:
    """Whether an intention follows a contract, or the one that it was called off from."""
    return contract.key in followed or key_of(contract.parent) in followed


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    month = whole_month(day.year, day.month + months % 12)
    month = whole_month(month.first.year + months // 12, month.first.month)
    return min(month.last, month.first.replace(day=min(day.day, month.last.day)))
