"""What became of the council's intentions: changed or withdrawn, when, and why, as everybody can read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.reports.days import beginning
from knowledge.reports.nouns import Period
from knowledge.tables import intention, intention_version
from knowledge.timeline.history import version_of
from knowledge.timeline.nouns import Kind, Version

MOST = 100
"""Changes that a report lists; the rest it counts."""


class Told(NamedTuple):
    """A version everybody can read, of which intention."""

    reference: str
    title: str
    version: Version


@dataclass(frozen=True)
class Intentions:
    """What was published of the council's intentions in a period. `counts`: versions by kind; `told`: the newest of
    those that changed something or withdrew it; `without_reason`: how many of all those say no reason."""

    counts: dict[Kind, int]
    told: tuple[Told, ...]
    without_reason: int


def intentions(connection: Connection, period: Period, directorate: str = "") -> Intentions:
    """What was published in a period. `directorate`: of this one's only, "" for all."""
    v, i = intention_version.c, intention.c
    where = [
        i.own.is_(True), i.shown_at.is_not(None), v.released_at >= beginning(period.first),
        v.released_at < beginning(period.last + timedelta(days=1)),
        *([sa.func.lower(i.directorate) == directorate.lower()] if directorate else []),
    ]  # fmt: skip
    joined = sa.join(intention_version, intention, v.intention == i.id)
    rows = connection.execute(
        sa.select(v.kind, sa.func.count(), sa.func.sum(sa.case((v.reason == "", 1), else_=0)))
        .select_from(joined)
        .where(*where)
        .group_by(v.kind)
    ).all()
    told = connection.execute(
        sa.select(intention_version, i.reference, i.title)
        .select_from(joined)
        .where(*where, v.kind != Kind.ADDED.value)
        .order_by(v.released_at.desc(), v.intention, v.number.desc())
        .limit(MOST)
    )
    return Intentions(
        {Kind(kind): count for kind, count, _ in rows},
        tuple(Told(row.reference, row.title, version_of(row)) for row in told),
        sum(int(silent) for kind, _, silent in rows if kind != Kind.ADDED),
    )
