"""The council's own vocabulary: what people there say, and what the papers say for it, beside the pack's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.library import hold, raise_edition
from knowledge.pack import Saying
from knowledge.tables import own_saying

LONGEST = 120
"""Characters of a saying, and of each of its meanings."""
_MOST_MEANINGS = 12


def own_sayings(connection: Connection) -> list[Saying]:
    """The council's own sayings, in alphabetical order."""
    rows = connection.execute(sa.select(own_saying).order_by(own_saying.c.say, own_saying.c.kind))
    return [Saying(row.say, tuple(row.means), row.kind, row.note) for row in rows]


def add_sayings(connection: Connection, sayings: Iterable[Saying], now: datetime) -> int:
    """Puts sayings in; the meanings of one that is there are added to. Returns how many have changed anything, and
    raises the edition where any has, so that the next question knows them. Raises ValueError."""
    hold(connection)
    changed = sum(_add(connection, saying, now) for saying in sayings)
    if changed:
        raise_edition(connection)
    return changed


def remove_saying(connection: Connection, say: str) -> int:
    """Takes a saying of the council's own out, whatever its kind. Returns how many there were."""
    gone = connection.execute(sa.delete(own_saying).where(own_saying.c.say == _tidy(say))).rowcount
    if gone:
        raise_edition(connection)
    return gone


def _add(connection: Connection, saying: Saying, now: datetime) -> bool:
    say, means = _tidy(saying.say), tuple(dict.fromkeys(_tidy(one) for one in saying.means))
    here = sa.and_(own_saying.c.say == say, own_saying.c.kind == saying.kind)
    held = connection.execute(sa.select(own_saying.c.means).where(here)).scalar()
    together = tuple(dict.fromkeys((*(held or ()), *means)))
    if len(together) > _MOST_MEANINGS:
        raise ValueError(f"{say!r} would have {len(together)} meanings; {_MOST_MEANINGS} are the most")
    if held is None:
        row = {"say": say, "kind": saying.kind, "means": list(together), "note": saying.note, "made_at": now}
        connection.execute(sa.insert(own_saying).values(**row))
        return True
    if list(together) == list(held):
        return False
    connection.execute(sa.update(own_saying).where(here).values(means=list(together)))
    return True


def _tidy(text: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        raise ValueError(f"needs 1 to {LONGEST} characters")
    return text
