"""The council's places: towns, villages, divisions, and the district each lies in."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables


@dataclass(frozen=True)
class Place:
    """A place. `kind` is free text (town, village, district, unitary ...); `district`: the authority it lies in."""

    name: str
    kind: str
    district: str


def places(connection: Connection) -> list[Place]:
    """Every place, in the order of its list."""
    rows = connection.execute(sa.select(tables.place).order_by(tables.place.c.id))
    return [Place(row.name, row.kind, row.district) for row in rows]
