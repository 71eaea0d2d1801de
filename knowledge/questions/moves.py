"""What becomes of an enquiry: waiting -> claimed -> answered, or dropped with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import party_of
from knowledge.questions.asked import OPEN
from knowledge.questions.enquiries import Enquiry, State, read
from knowledge.store import insert_new
from knowledge.tables import enquiry

MOST_OPEN, MOST_A_DAY = 10, 20
"""Enquiries of one person that are open at a time, and that are made in a day: officers are written to for each."""


class TooMany(Exception):
    """Somebody asks for so many answers that no more are taken. Its text says so."""


def make(
    connection: Connection, now: datetime, *, question_id: int, asker: str, origin: Mapping[str, str], due_on: date
) -> tuple[Enquiry, bool]:
    """Has a person asked, and whether that is new: somebody asks about one question once. Raises TooMany."""
    who = party_of(connection, asker)
    mine = sa.and_(enquiry.c.question == question_id, enquiry.c.asker == who)
    if there := next(iter(read(connection, mine)), None):
        return there, False
    _check(connection, who, now)
    row = {
        "question": question_id, "asker": who, "origin": dict(origin), "state": State.WAITING.value, "made_at": now,
        "due_on": due_on, "answer": "", "document": "", "locator": "", "access": "", "entry": "",
    }  # fmt: skip
    new = connection.execute(insert_new(connection, enquiry).values(**row).returning(enquiry.c.id)).first() is not None
    return read(connection, mine)[0], new


def _check(connection: Connection, who: int, now: datetime) -> None:
    mine = enquiry.c.asker == who
    if _count(connection, sa.and_(mine, enquiry.c.state.in_(OPEN))) >= MOST_OPEN:
        raise TooMany(f"{MOST_OPEN} questions of yours wait for a person already. They are answered first.")
    if _count(connection, sa.and_(mine, enquiry.c.made_at > now - timedelta(days=1))) >= MOST_A_DAY:
        raise TooMany("That is a lot for one day. Try again tomorrow.")


def _count(connection: Connection, which: sa.ColumnElement[bool]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(enquiry).where(which)).scalar_one())


def claim(connection: Connection, id: int, by: str, now: datetime) -> bool:
    """Somebody (an address) takes it on. False where somebody has, or it is settled: the first who claims has it."""
    values = {"state": State.CLAIMED.value, "claimed_by": party_of(connection, by), "claimed_at": now}
    return _move(connection, id, (State.WAITING,), values)


def give_back(connection: Connection, id: int) -> bool:
    """It waits for anybody again. False where nobody had claimed it."""
    values = {"state": State.WAITING.value, "claimed_by": None, "claimed_at": None}
    return _move(connection, id, (State.CLAIMED,), values)


def settle(connection: Connection, id: int, state: State, by: str, now: datetime, **said: Any) -> bool:
    """It is answered, or dropped. `said`: its answer, document, locator and access. False where it was settled
    before."""
    values = {"state": state.value, "settled_by": party_of(connection, by), "settled_at": now, **said}
    return _move(connection, id, (State.WAITING, State.CLAIMED), values)


def became(connection: Connection, id: int, entry: str) -> bool:
    """Its answer has become a digest entry. False where it had before."""
    which = sa.and_(enquiry.c.id == id, enquiry.c.state == State.ANSWERED.value, enquiry.c.entry == "")
    return connection.execute(sa.update(enquiry).where(which).values(entry=entry)).rowcount == 1


def _move(connection: Connection, id: int, from_: tuple[State, ...], values: Mapping[str, Any]) -> bool:
    which = sa.and_(enquiry.c.id == id, enquiry.c.state.in_([state.value for state in from_]))
    return connection.execute(sa.update(enquiry).where(which).values(**values)).rowcount == 1
