"""Enquiries: questions that a person is asked to answer. waiting -> claimed -> answered, or dropped with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.models import Access, Noun
from knowledge.parties import address_of, parties_of, party_of
from knowledge.questions.asked import OPEN, Question
from knowledge.questions.asked import read as read_questions
from knowledge.store import aware, insert_new
from knowledge.tables import enquiry, question
from knowledge.workdays import Calendar, Hours, Span, day_of, due

MOST_OPEN, MOST_A_DAY = 10, 20
"""Enquiries of one person that are open at a time, and that are made in a day: officers are written to for each."""
_REFERENCE = re.compile(r"[Ee]-?(\d{1,9})")


class State(StrEnum):
    """How an enquiry stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    DROPPED = "dropped"


class Enquiry(Noun):
    """A question for a person. `asker`, `claimed_by`, `settled_by`: addresses, "" for nobody; `origin`: the thread the
    answer goes back to; `answer`: of one that is dropped, the reason; `document`, `locator`: what the answer rests on;
    `access`: who may read it, None before there is one; `entry`: the own entry it became, "" for none."""

    id: int
    question: Question
    asker: str
    origin: dict[str, str]
    state: State
    made_at: datetime
    due_on: date
    claimed_by: str = ""
    settled_by: str = ""
    settled_at: datetime | None = None
    answer: str = ""
    document: str = ""
    locator: str = ""
    access: Access | None = None
    entry: str = ""

    @property
    def reference(self) -> str:
        """What people call it: E-12."""
        return f"E-{self.id}"

    @property
    def open(self) -> bool:
        """Whether somebody is still to answer it."""
        return self.state.value in OPEN


class TooMany(Exception):
    """Somebody asks for so many answers that no more are taken. Its text says so."""


def number_of(reference: str) -> int | None:
    """The number of "E-12" or "e12"; None for anything else."""
    found = _REFERENCE.fullmatch(reference.strip())
    return int(found[1]) if found else None


def deadline(made_at: datetime, days: int, calendar: Calendar) -> date:
    """The day on which an answer is due: so many working days after the one it was asked on."""
    return day_of(due(made_at, Span(working_days=days), Hours(), calendar))


def is_late(one: Enquiry, now: datetime) -> bool:
    """Whether its day has passed: from when the council closes on it."""
    return one.open and Hours().on(one.due_on)[1] <= now


# --- moves --------------------------------------------------------------------------------------------------------


def make(
    connection: Connection, now: datetime, *, question_id: int, asker: str, origin: Mapping[str, str], due_on: date
) -> tuple[Enquiry, bool]:
    """Has a person asked, and whether that is new: somebody asks about one question once. Raises TooMany."""
    who = party_of(connection, asker)
    mine = sa.and_(enquiry.c.question == question_id, enquiry.c.asker == who)
    if there := next(iter(_read(connection, mine)), None):
        return there, False
    _check(connection, who, now)
    row = {
        "question": question_id, "asker": who, "origin": dict(origin), "state": State.WAITING.value, "made_at": now,
        "due_on": due_on, "answer": "", "document": "", "locator": "", "access": "", "entry": "",
    }  # fmt: skip
    new = connection.execute(insert_new(connection, enquiry).values(**row).returning(enquiry.c.id)).first() is not None
    return _read(connection, mine)[0], new


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


# --- reading ------------------------------------------------------------------------------------------------------


def by_number(connection: Connection, id: int) -> Enquiry | None:
    """An enquiry by its number."""
    return next(iter(_read(connection, enquiry.c.id == id)), None)


def waiting(connection: Connection) -> list[Enquiry]:
    """Those somebody is still to answer, the first due first."""
    return _read(connection, enquiry.c.state.in_(OPEN))


def of_somebody(connection: Connection, addresses: tuple[str, ...]) -> list[Enquiry]:
    """Those of whoever goes by these addresses, the first due first."""
    return _read(connection, enquiry.c.asker.in_(parties_of(connection, addresses)))


def _read(connection: Connection, where: sa.ColumnElement[bool]) -> list[Enquiry]:
    rows = connection.execute(sa.select(enquiry).where(where).order_by(enquiry.c.due_on, enquiry.c.id)).all()
    numbers = {row.question for row in rows}
    asked = {one.id: one for one in read_questions(connection, question.c.id.in_(numbers))}
    return [_enquiry(connection, row, asked[row.question]) for row in rows]


def _enquiry(connection: Connection, row: Any, asked: Question) -> Enquiry:
    return Enquiry(
        id=row.id, question=asked, asker=address_of(connection, row.asker), origin=dict(row.origin),
        state=State(row.state), made_at=aware(row.made_at), due_on=row.due_on,
        claimed_by=address_of(connection, row.claimed_by), settled_by=address_of(connection, row.settled_by),
        settled_at=aware(row.settled_at) if row.settled_at else None, answer=row.answer, document=row.document,
        locator=row.locator, access=Access(row.access) if row.access else None, entry=row.entry,
    )  # fmt: skip
