"""The last changes of some intentions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.timeline.history import Released, version_of
from knowledge.timeline.publishing.released import parts_of


def newest_of(connection: Connection, ids: Sequence[int], count: int) -> list[Released]:
    """The last released versions of some intentions, the newest first."""
    version, table = tables.intention_version, tables.intention
    order = (version.c.released_at.desc(), version.c.intention.desc(), version.c.number.desc())
    rows: list[Any] = []
    for part in parts_of(ids):
        query = (
            sa.select(version, table.c.reference, table.c.title, table.c.own)
            .join(table, table.c.id == version.c.intention)
            .where(version.c.released_at.is_not(None), table.c.shown_at.is_not(None), table.c.id.in_(part))
            .order_by(*order)
            .limit(count)
        )
        rows += connection.execute(query)
    rows.sort(key=lambda row: (row.released_at, row.intention, row.number), reverse=True)
    return [Released(row.reference, row.title, row.own, version_of(row)) for row in rows[:count]]
