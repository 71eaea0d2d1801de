"""The timeline from above: whose intentions are held, what they can be chosen by, and how much comes when."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.facts import fact
from knowledge.periods import Period
from knowledge.store import Store
from knowledge.timeline.wishing import SURE, Wish, fitting, happening

Answer = TypeVar("Answer")


def held_others(connection: Connection) -> bool:
    """Whether any public intention is another buyer's."""
    table = tables.intention
    query = sa.select(table.c.id).where(table.c.own.is_(False), table.c.shown_at.is_not(None)).limit(1)
    return connection.execute(query).first() is not None


def held_any(store: Store) -> bool:
    """Whether a record has any public intention."""
    table = tables.intention
    with store.reading() as connection:
        return (
            connection.execute(sa.select(table.c.id).where(table.c.shown_at.is_not(None)).limit(1)).first() is not None
        )


def count_of(connection: Connection, wish: Wish, day: date) -> int:
    """How many public intentions a wish finds."""
    query = sa.select(sa.func.count()).select_from(tables.intention).where(fitting(wish, day))
    return connection.execute(query).scalar_one()


def edition_of(connection: Connection) -> str:
    """Changes when anything does that everybody may read of the timeline."""
    table = tables.intention
    shown, version = table.c.shown_at, table.c.shown_version
    of = sa.func.max(shown), sa.func.count(shown), sa.func.sum(version)  # what is taken back leaves the newest as it is
    public = [tuple(connection.execute(sa.select(*of).where(table.c.own.is_(own))).one()) for own in (True, False)]
    return f"{public} {fact(connection, 'timeline_buyers')}"


class Kept:
    """Answers kept while the timeline is what it was: they are the same for everybody. Any thread may ask."""

    def __init__(self, most: int = 64) -> None:
        self._most, self._edition = most, ""
        self._held: dict[Hashable, Any] = {}
        self._lock = Lock()

    def get(self, edition: str, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer of a key, made where it is not held."""
        with self._lock:
            if edition != self._edition:
                self._edition, self._held = edition, {}
            if key in self._held:
                found: Answer = self._held[key]
                return found
        made = make()
        with self._lock:
            if edition == self._edition:
                self._held = dict([*self._held.items(), (key, made)][-self._most :])
        return made


class Said(NamedTuple):
    """How many of a wish's intentions say a value, and that they are suited to whom."""

    value: int
    sme: int
    vcse: int


def said_of(connection: Connection, wish: Wish, day: date) -> Said:
    """What the intentions of a wish say of themselves."""
    shown = tables.intention.c.shown
    counted = (
        sa.case((sa.or_(tables.intention.c.low.is_not(None), tables.intention.c.high.is_not(None)), 1), else_=0),
        *(sa.case((shown[name].as_boolean().is_(True), 1), else_=0) for name in ("sme", "vcse")),
    )
    query = sa.select(*(sa.func.coalesce(sa.func.sum(one), 0) for one in counted)).where(fitting(wish, day))
    return Said(*(int(number) for number in connection.execute(query).one()))


class Busy(NamedTuple):
    """An intention of which something happens in a period, and a kind of service it is of, "" for none. `at`: the
    place of the period among those asked for."""

    at: int
    intention: int
    kind: str


def busy(connection: Connection, wish: Wish, day: date, periods: Sequence[Period]) -> list[Busy]:
    """What happens in these periods to the intentions of a wish, each intention once for every kind it is of."""
    kinds = _kinds_of(connection, wish, day)
    found = []
    for at, period in enumerate(periods):
        ids = set(connection.execute(happening(period, wish.what)).scalars())
        found += [Busy(at, id, kind) for id in ids if id in kinds for kind in kinds[id]]
    return found


def _kinds_of(connection: Connection, wish: Wish, day: date) -> dict[int, list[str]]:
    """The kinds of service each intention of a wish is surely of, [""] for none."""
    table, kind = tables.intention, tables.intention_kind
    of_kind = sa.and_(kind.c.intention == table.c.id, kind.c.share >= SURE)
    found: dict[int, list[str]] = {}
    for id, key in connection.execute(
        sa.select(table.c.id, kind.c.kind).outerjoin_from(table, kind, of_kind).where(fitting(wish, day))
    ):
        found.setdefault(id, []).append(key or "")
    return found
