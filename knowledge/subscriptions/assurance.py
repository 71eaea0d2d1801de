"""Assurance: that what was due over an hour ago has reached everybody, is being tried, or is parked and a person told;
and that nothing that matched is owed to nobody. What is none of these is a hole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.facts import fact, set_fact
from knowledge.outbox.owing import GATHERED, GATHERING, PARKED, WAITING
from knowledge.store import aware
from knowledge.subscriptions.unowed import unowed
from knowledge.tables import notification
from knowledge.workdays import day_of

KINDS = ("intention", "closing", "roundup")
"""What subscriptions bring."""
LATE = timedelta(hours=1)
LOOKS_BACK = timedelta(days=3)
"""How far back matches are compared with what is owed; the first check looks further."""
_FIRST_LOOKS_BACK = timedelta(days=60)
_FACT = "assurance"
_n = notification.c


class Check(NamedTuple):
    """A check. `at`: when; of what was due over an hour before: `untold`: nobody has tried to send it, or nobody does
    any more; `ungathered`: it should be in a round-up and is not; `lost`: its round-up is not there; `unowed`: a match
    that nobody is owed; `parked_unseen`: parked, and no person told: these are holes. `tried`: it is being tried;
    `parked`: parked, and a person told."""

    at: datetime
    untold: int = 0
    ungathered: int = 0
    lost: int = 0
    unowed: int = 0
    parked_unseen: int = 0
    tried: int = 0
    parked: int = 0

    @property
    def holes(self) -> int:
        """How many were neither told nor are about to be."""
        return self.untold + self.ungathered + self.lost + self.unowed + self.parked_unseen

    def counts(self) -> dict[str, int]:
        """What was found, by name."""
        return {name: value for name, value in self._asdict().items() if name != "at"}


def check(connection: Connection, now: datetime) -> Check:
    """Looks now. `now`: the record's clock, by which things are due."""
    seen, unseen = _parked(connection)
    late, since = now - LATE, now - (LOOKS_BACK if last_check(connection) else _FIRST_LOOKS_BACK)
    return Check(
        now, untold=_count(connection, *_stalled(late, now)), tried=_count(connection, *_tried(late, now)),
        ungathered=_count(connection, _n.state == GATHERING, _n.due_at <= late), lost=_lost(connection, now),
        unowed=unowed(connection, since), parked=seen, parked_unseen=unseen,
    )  # fmt: skip


def keep(connection: Connection, found: Check) -> None:
    """Writes a check down, in the place of the last."""
    set_fact(connection, _FACT, json.dumps({"at": found.at.isoformat(), **found.counts()}))


def last_check(connection: Connection) -> Check | None:
    """The last check; None where there was none."""
    held = json.loads(fact(connection, _FACT) or "null")
    return Check(**{**held, "at": datetime.fromisoformat(held["at"])}) if held else None


def _stalled(late: datetime, now: datetime) -> Sequence[sa.ColumnElement[bool]]:
    """Due over an hour ago, and in nobody's hands: neither tried, nor tried again when its time came."""
    return _n.state == WAITING, _n.due_at <= late, _n.lease_until < now


def _tried(late: datetime, now: datetime) -> Sequence[sa.ColumnElement[bool]]:
    """Owed for over an hour, and in a worker's hands, or to be tried again for a reason: a try of its own failed, or
    the recipient's server fails."""
    again = sa.and_(_n.problem != "", _n.due_at > late)
    return _n.state == WAITING, _n.made_at <= late, sa.or_(again, _n.lease_until >= now)


def _count(connection: Connection, *where: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(notification).where(_n.kind.in_(KINDS), *where)
    return int(connection.execute(query).scalar_one())


def _parked(connection: Connection) -> tuple[int, int]:
    """What is parked: with a person told on the day, and with nobody."""
    query = sa.select(_n.settled_at).where(_n.kind.in_(KINDS), _n.state == PARKED)
    days = [day_of(aware(at)) for at in connection.execute(query).scalars() if at]
    told = sa.select(_n.subject).where(_n.kind == "parked", _n.subject.in_({f"parked:{day}" for day in days}))
    subjects = set(connection.execute(told).scalars())
    seen = sum(f"parked:{day}" in subjects for day in days)
    return seen, len(days) - seen


def _lost(connection: Connection, now: datetime) -> int:
    """Gathered lately into a round-up that is not there."""
    other = notification.alias("other")
    there = sa.exists().where(other.c.id == _n.round_up)
    return _count(connection, _n.state == GATHERED, _n.settled_at > now - LOOKS_BACK, sa.not_(there))
