"""Round-ups: what waits for one is gathered when its time comes, into one notification for a recipient and a channel.

What waited several times over, because no worker ran for days, comes in one. What comes in late, when the round-up of
its day is gone, comes in a second one: late would be worse.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime
from itertools import chain, count
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.outbox.owing import GATHERED, GATHERING, row_of
from knowledge.store import aware
from knowledge.tables import notification
from knowledge.timeline.gathering import parts
from knowledge.workdays import day_of

KIND = "roundup"
MOST = 50_000
"""Notifications gathered in one transaction, which takes some seconds."""
_n = notification.c


class Heap(NamedTuple):
    """What is due to one recipient on one channel. `due`: the last moment of those it was due at; `since`: the first
    of it was owed then; `ids`: the notifications."""

    recipient: int
    channel: str
    due: datetime
    since: datetime
    ids: tuple[str, ...]


def gather(connection: Connection, now: datetime, most: int = MOST) -> int:
    """Gathers what is due into round-ups, about so many notifications at once: the rest is left to the next run, so
    that nobody else waits long for the record. Returns how many round-ups."""
    heaps = _heaps(connection, now, most)
    if not heaps:
        return 0
    last, taken = _last_days(connection, heaps), _taken(connection, heaps)
    rows = [_row(one, last.get((one.recipient, one.channel)), taken, now) for one in heaps]
    connection.execute(sa.insert(notification), rows)
    gathered = sa.update(notification).where(_n.id == sa.bindparam("of"), _n.state == GATHERING)
    values = {"state": GATHERED, "round_up": sa.bindparam("with"), "settled_at": now}
    pairs = [{"of": id, "with": row["id"]} for one, row in zip(heaps, rows, strict=True) for id in one.ids]
    connection.execute(gathered.values(values), pairs)
    return len(rows)


def _heaps(connection: Connection, now: datetime, most: int) -> list[Heap]:
    """Whole heaps: the one that the limit cuts is left, but for a heap that is larger than the limit."""
    columns = (_n.id, _n.recipient, _n.channel, _n.due_at, _n.made_at)
    query = sa.select(*columns).where(_n.state == GATHERING, _n.due_at <= now)
    rows = connection.execute(query.order_by(_n.recipient, _n.channel, _n.due_at, _n.made_at, _n.id).limit(most)).all()
    found: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        found.setdefault((row.recipient, row.channel), []).append(row)
    if len(rows) == most and len(found) > 1:
        found.popitem()
    return [
        Heap(*key, aware(rows[-1].due_at), aware(min(row.made_at for row in rows)), tuple(row.id for row in rows))
        for key, rows in found.items()
    ]


def _row(one: Heap, last: str | None, taken: Container[str], now: datetime) -> dict[str, Any]:
    day = day_of(one.due).isoformat()
    since = last if last and last < day else day_of(one.since).isoformat()
    return row_of(
        now, kind=KIND, subject=_subject(one, day, taken), recipient=one.recipient, channel=one.channel,
        about={"due": day, "since": since},
    )  # fmt: skip


def _subject(one: Heap, day: str, taken: Container[str]) -> str:
    """What a round-up is about: its recipient, channel and day; and its number, of a second one on that day."""
    first = f"roundup:{one.recipient}:{one.channel}:{day}"
    names = chain([first], (f"{first}:{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


def _taken(connection: Connection, heaps: Sequence[Heap]) -> set[str]:
    """What the round-ups of these days that there are already are about."""
    days = sorted({f"{day_of(one.due).isoformat()}" for one in heaps})
    found: set[str] = set()
    for numbers in parts(sorted({one.recipient for one in heaps})):
        query = sa.select(_n.subject).where(_n.recipient.in_(numbers), _n.kind == KIND)
        found.update(
            connection.execute(query.where(sa.or_(*(_n.subject.contains(f":{day}") for day in days)))).scalars()
        )
    return found


def _last_days(connection: Connection, heaps: Sequence[Heap]) -> dict[tuple[int, str], str]:
    """The day of the last round-up of each of these recipients, by channel."""
    found: dict[tuple[int, str], str] = {}
    for numbers in parts(sorted({one.recipient for one in heaps})):
        query = sa.select(_n.recipient, _n.channel, sa.func.max(_n.subject)).group_by(_n.recipient, _n.channel)
        for row in connection.execute(query.where(_n.recipient.in_(numbers), _n.kind == KIND)):
            found[row[0], row[1]] = str(row[2]).split(":")[3]
    return found
