"""Intentions by their references, as people write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables


def go_by(references: Iterable[str]) -> Any:
    """Whether an intention goes by one of these references, whatever its case: as a condition on the table. What the
    database folds otherwise than we do (É, ß) has to be written as it is."""
    given = {one for one in references if one.isprintable()}  # a NUL is more than PostgreSQL takes
    table, folded = tables.intention, sorted({one.casefold() for one in given})
    return sa.or_(table.c.reference.in_(sorted(given)), sa.func.lower(table.c.reference).in_(folded))


def also_called(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """By what other references intentions are known: those of the ones that have turned out to be the same."""
    table, found = tables.intention.c, dict[int, tuple[str, ...]]()
    query = sa.select(table.joined_to, table.reference).where(table.joined_to.in_(set(ids))).order_by(table.id)
    for row in connection.execute(query):
        found[row.joined_to] = (*found.get(row.joined_to, ()), row.reference)
    return found
