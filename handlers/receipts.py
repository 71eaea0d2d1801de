"""What a carrier of e-mail says became of a letter: it arrived, it never will, or it may if it is sent once more."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.ticking import tell_parked
from handlers.undelivered import undeliverable
from knowledge.outbox.claiming import DELIVERED
from knowledge.outbox.owed import Owed, owed_of
from knowledge.outbox.owing import PARKED, SENT, UNDELIVERABLE, WAITING
from knowledge.tables import notification


class Fate(StrEnum):
    """What became of a letter, in Notify's words. PERMANENT: there is no such address; TEMPORARY: its server did not
    take it for three days; TECHNICAL: Notify failed."""

    DELIVERED = DELIVERED
    PERMANENT = "permanent-failure"
    TEMPORARY = "temporary-failure"
    TECHNICAL = "technical-failure"


FINAL = frozenset(fate.value for fate in Fate)
_MOST_COPIES = {Fate.TEMPORARY: 2, Fate.TECHNICAL: 4}
"""How often a letter is handed over, before it is left to a person."""
_WAIT = timedelta(minutes=5)
_FROM, _UNTIL = timedelta(hours=1), timedelta(hours=73)
"""How long after a letter left its carrier is asked about it: Notify tries for 72 hours."""
_MOST_ASKED = 1_000


def take_receipt(desk: Desk, id: str, carried: str, status: str) -> bool:
    """Takes word of a letter. `id`: the notification's; `carried`: the carrier's own number of the copy it speaks of.
    False where nothing is changed by it: it is here already, is not final, or is of nothing we know or of an earlier
    copy.

    There is no such address: the same follows as where a mail server says so at once. It did not arrive: what is about
    a concern goes to the next person now, for three days have passed; anything else is sent once more. The carrier
    failed: sent again, three times. After that a person is told.
    """
    if status not in FINAL:
        return False
    fate, owed = Fate(status), _waiting_for_word(desk, id, carried, status)
    if owed is None:
        return False
    if fate is Fate.PERMANENT or (fate is Fate.TEMPORARY and owed.concern is not None):
        undeliverable(owed, status, desk)
        return _settle(desk, owed, carried, state=UNDELIVERABLE, problem=status, receipt=status)
    if fate is Fate.DELIVERED:
        return _settle(desk, owed, carried, receipt=status)
    return _send_again(desk, owed, carried, fate)


def awaited(desk: Desk) -> list[tuple[str, str]]:
    """Letters that left over an hour ago, and not over three days, of which nothing final was said: the notification's
    id and the carrier's number of the last copy, longest ago first."""
    n = notification.c
    with desk.store.reading() as connection:
        now = desk.store.now(connection)
        window = n.settled_at.between(now - _UNTIL, now - _FROM)
        query = sa.select(n.id, n.place).where(n.state == SENT, n.channel == "email", n.receipt == "", window)
        rows = connection.execute(query.order_by(n.settled_at).limit(_MOST_ASKED)).all()
    return [(row.id, str(row.place["notify"])) for row in rows if "notify" in row.place]


def _send_again(desk: Desk, owed: Owed, carried: str, fate: Fate) -> bool:
    if _copies(desk, owed) >= _MOST_COPIES[fate]:
        tell_parked(owed, desk)
        return _settle(desk, owed, carried, state=PARKED, problem=fate.value, receipt=fate.value)
    with desk.store.reading() as connection:
        due = desk.store.now(connection) + _WAIT
    return _settle(desk, owed, carried, state=WAITING, problem=fate.value, due_at=due, settled_at=None)


def _waiting_for_word(desk: Desk, id: str, carried: str, status: str) -> Owed | None:
    with desk.store.reading() as connection:
        row = connection.execute(sa.select(notification).where(_open(id))).first()
        if row is None or not _is_of(row.place, carried) or status in (row.receipt, row.problem):
            return None
        return owed_of(connection, [row])[0]


def _open(id: str) -> sa.ColumnElement[bool]:
    """A letter of which something may still be said; one in a worker's hands too, for word may come before the worker
    has written down that it left. Of what is settled otherwise nothing is."""
    n = notification.c
    in_hand = sa.and_(n.state == WAITING, n.attempts > 0)
    return sa.and_(n.id == id, n.channel == "email", sa.or_(n.state == SENT, in_hand))


def _is_of(place: dict[str, Any], carried: str) -> bool:
    return bool(place.get("notify", carried) == carried)


def _copies(desk: Desk, owed: Owed) -> int:
    with desk.store.reading() as connection:
        place = connection.execute(sa.select(notification.c.place).where(notification.c.id == owed.id)).scalar_one()
    return int(place.get("copies", 1))


def _settle(desk: Desk, owed: Owed, carried: str, **values: Any) -> bool:
    """Where it still stands as it did."""
    with desk.store.writing() as connection:
        row = _locked(connection, owed.id)
        if row is None or not _is_of(row.place, carried):
            return False
        now = desk.store.now(connection)
        given = {"settled_at": row.settled_at or now, "receipt_at": now, **values}
        connection.execute(sa.update(notification).where(notification.c.id == owed.id).values(**given))
        return True


def _locked(connection: Connection, id: str) -> Any:
    return connection.execute(sa.select(notification).where(_open(id)).with_for_update()).first()
