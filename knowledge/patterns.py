"""Patterns: several concerns on one contract within a few weeks. Each is written down once, with what its concerns have
in common, and never with what anybody wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.concerns import record
from knowledge.concerns.nouns import Concern, Ending
from knowledge.models import Noun
from knowledge.store import aware
from knowledge.tables import pattern

Common = dict[str, Any]
"""What concerns have in common: numbers and keys ({"services": {"home-care": 3}, "districts": {"Brenmouth": 2},
"weeks": {"2026-11-16": 3}})."""


class Pattern(Noun):
    """Several concerns on a contract (its key), by their numbers. `common`: see Common."""

    id: int
    contract: str
    found_at: datetime
    concerns: tuple[int, ...]
    common: Common


def find(
    connection: Connection, now: datetime, least: int, within: timedelta, common_of: Callable[[list[Concern]], Common]
) -> list[Pattern]:
    """Finds what is there and not written down yet, and writes it down: so many concerns (`least`) raised on one
    contract within a time, none of which was told of before. Done again it finds nothing twice; who calls it has to
    see that nobody else does at the same time (see knowledge/timed.py)."""
    found = []
    for contract, numbers in _gathered(connection, now - within, least).items():
        told = {number for one in patterns_of(connection, contract) for number in one.concerns}
        if len(numbers - told) >= least:
            concerns = record.concerns(connection, tables.concern.c.id.in_(numbers))
            found.append(_write_down(connection, contract, concerns, now, common_of(concerns)))
    return found


def _gathered(connection: Connection, moment: datetime, least: int) -> dict[str, set[int]]:
    """The numbers of the concerns raised since a moment that count, by the contract they stand with now; contracts with
    fewer are left out."""
    c = tables.concern.c
    query = sa.select(c.contract, c.id).where(c.raised_at >= moment, c.contract != "", c.outcome != Ending.WITHDRAWN)
    found: dict[str, set[int]] = defaultdict(set)
    for row in connection.execute(query):
        found[row.contract].add(row.id)
    return {contract: numbers for contract, numbers in found.items() if len(numbers) >= least}


def _write_down(
    connection: Connection, contract: str, concerns: Sequence[Concern], now: datetime, common: Common
) -> Pattern:
    row = {"contract": contract, "found_at": now, "concerns": sorted(one.id for one in concerns), "common": common}
    number = connection.execute(sa.insert(pattern).values(**row).returning(pattern.c.id)).scalar_one()
    return _pattern(connection.execute(sa.select(pattern).where(pattern.c.id == number)).one())


def pattern_of(connection: Connection, number: int) -> Pattern | None:
    """A pattern by its number."""
    row = connection.execute(sa.select(pattern).where(pattern.c.id == number)).first()
    return _pattern(row) if row else None


def patterns_of(connection: Connection, contract: str, since: datetime | None = None) -> list[Pattern]:
    """The patterns of a contract (its key), the last one first. `since`: those found from then on."""
    after = [pattern.c.found_at >= since] if since else []
    query = sa.select(pattern).where(pattern.c.contract == contract, *after).order_by(pattern.c.id.desc())
    return [_pattern(row) for row in connection.execute(query)]


def latest(connection: Connection, since: datetime) -> dict[str, Pattern]:
    """The pattern found last of every contract (its key) that has had one since a moment."""
    query = sa.select(pattern).where(pattern.c.found_at >= since).order_by(pattern.c.id)
    return {row.contract: _pattern(row) for row in connection.execute(query)}


def standing(connection: Connection, found: Pattern) -> list[Concern]:
    """The concerns of a pattern that count for it still: neither withdrawn nor moved to another contract since."""
    c = tables.concern.c
    counted = (c.id.in_(found.concerns), c.contract == found.contract, c.outcome != Ending.WITHDRAWN)
    return record.concerns(connection, *counted)


def counted(values: Iterable[str]) -> dict[str, int]:
    """How often each value comes, the most frequent first."""
    found: dict[str, int] = defaultdict(int)
    for one in values:
        found[one] += 1
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _pattern(row: sa.Row[Any]) -> Pattern:
    return Pattern(
        id=row.id, contract=row.contract, found_at=aware(row.found_at), concerns=tuple(row.concerns), common=row.common
    )
