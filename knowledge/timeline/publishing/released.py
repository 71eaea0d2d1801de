"""What everybody may read of many intentions at once: their versions, and the notices that told of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.store import aware
from knowledge.timeline.gathering import TEMPLATE
from knowledge.timeline.nouns import Change, Kind, State, Statement

_AT_ONCE = 400
_LIKELY = "ocds-h6vhtk", "ocds-b5fd17"
"""Prefixes of Find a Tender and of Contracts Finder."""


class Step(NamedTuple):
    """A released version. `changes`: field, before and after, as the record writes them."""

    number: int
    at: datetime
    kind: Kind
    changes: list[dict[str, Any]]
    reason: str

    @property
    def fields(self) -> set[str]:
        """What it changes."""
        return {one["field"] for one in self.changes}

    def told(self) -> list[Change]:
        """The changes."""
        return [Change.model_validate(one) for one in self.changes]


class Told(NamedTuple):
    """Who told of an intention. `notices`: the oldest first; `ocid`: under which it is known elsewhere, "" for none;
    `buyer_id`: the buyer's number."""

    notices: list[Statement]
    ocid: str = ""
    buyer_id: str = ""


def steps_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[Step]]:
    """The released versions of intentions, the oldest first."""
    table = tables.intention_version
    columns = (table.c.intention, table.c.number, table.c.released_at, table.c.kind, table.c.changes, table.c.reason)
    found: dict[int, list[Step]] = defaultdict(list)
    for part in parts_of(ids):
        query = sa.select(*columns).where(table.c.intention.in_(part), table.c.released_at.is_not(None))
        for id, number, at, kind, changes, reason in connection.execute(query.order_by(table.c.number)):
            found[id].append(Step(number, aware(at), Kind(kind), changes, reason))
    return found


def reasons_of(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """The reason each intention's newest public version gives, "" for none."""
    table, of = tables.intention_version, tables.intention
    query = sa.select(of.c.id, table.c.reason).join(
        table, sa.and_(table.c.intention == of.c.id, table.c.number == of.c.shown_version)
    )
    parts = (connection.execute(query.where(of.c.id.in_(part))) for part in parts_of(ids))
    return {row.id: row.reason for part in parts for row in part}


def told_of(connection: Connection, ids: Sequence[int]) -> dict[int, Told]:
    """What notices tell of intentions. A notice whose version waits is left out: it would tell what may not be told."""
    table, found = tables.notice, {}
    for part in parts_of(ids):
        waiting, since = _waiting(connection, part), _held(connection, part)
        statements: dict[int, list[Statement]] = defaultdict(list)
        ocids: dict[int, list[str]] = defaultdict(list)
        query = sa.select(table).where(table.c.intention.in_(part), table.c.source != TEMPLATE)
        for row in connection.execute(query.order_by(table.c.at, table.c.number)):
            held = waiting.get(row.intention, {}).get(aware(row.at))
            one = Statement.model_validate(row.about)
            if row.intention in since and not told_already(one, since[row.intention]):
                held = held or False
            if held is None:
                statements[row.intention].append(one)
            if not held:
                ocids[row.intention] += _ocids(row.about.get("keys", ()))
        for id, buyer_id in _buyers(connection, part):
            found[id] = Told(statements.get(id, []), _best(ocids.get(id, [])), buyer_id)
    return found


def told_already(one: Statement, since: datetime | None) -> bool:
    """Whether a notice of an intention that waits tells nobody what waits. `since`: when it was last shown."""
    return since is not None and one.at <= since and one.terms.state is not State.OPEN


def last_release(connection: Connection) -> datetime | None:
    """When anything of the timeline was last made public."""
    found = connection.execute(sa.select(sa.func.max(tables.intention_version.c.released_at))).scalar()
    return aware(found) if found else None


def _waiting(connection: Connection, ids: Sequence[int]) -> dict[int, dict[datetime, bool]]:
    """Of each intention the moments of the notices whose versions wait, and whether those notices are new to it."""
    table = tables.intention_version
    columns = (table.c.intention, table.c.said_at, table.c.changes)
    found: dict[int, dict[datetime, bool]] = defaultdict(dict)
    query = sa.select(*columns).where(table.c.intention.in_(ids), table.c.released_at.is_(None))
    for id, said_at, changes in connection.execute(query):
        found[id][aware(said_at)] = any(one["field"] == "notices" for one in changes)
    return found


def _held(connection: Connection, ids: Sequence[int]) -> dict[int, datetime | None]:
    """Those that wait, with the moment they were last shown."""
    table = tables.intention
    query = sa.select(table.c.id, table.c.shown_at).where(table.c.id.in_(ids), table.c.held != "")
    return {row.id: aware(row.shown_at) if row.shown_at else None for row in connection.execute(query)}


def _buyers(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    table = tables.intention
    for row in connection.execute(sa.select(table.c.id, table.c.buyer_id).where(table.c.id.in_(ids))):
        yield row.id, row.buyer_id


def _ocids(keys: Sequence[str]) -> list[str]:
    return [key.removeprefix("ocid:") for key in keys if key.startswith("ocid:")]


def _best(ocids: Sequence[str]) -> str:
    """Find a Tender's before Contracts Finder's before others'; of one publisher's the first."""
    ranked = [*_LIKELY, ""]
    return min(ocids, key=lambda one: next(at for at, start in enumerate(ranked) if one.startswith(start)), default="")


def parts_of(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ids in as many pieces as every database takes."""
    for at in range(0, len(ids), _AT_ONCE):
        yield ids[at : at + _AT_ONCE]
