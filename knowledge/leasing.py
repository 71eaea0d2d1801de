"""Taking up rows that wait: each by one of those who ask, in any process, until its lease is out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def take_up(
    connection: Connection, table: sa.Table, which: sa.ColumnElement[bool], order: Sequence[sa.ColumnElement[Any]],
    count: int, values: Mapping[str, Any], *returning: sa.Table | sa.ColumnElement[Any],
) -> Sequence[sa.Row[Any]]:  # fmt: skip
    """Takes up so many rows of a table that `which` allows, the first in this order, and changes them to `values`. One
    statement, so that each goes to one. Gives of each what is to be returned."""
    pick = (
        sa.select(table.c.id)
        .where(which)
        .order_by(*order)
        .limit(count)
        .with_for_update(skip_locked=True)
        .cte("pick")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    taken = sa.update(table).where(table.c.id.in_(sa.select(pick.c.id))).values(**values).returning(*returning)
    return connection.execute(taken).all()
