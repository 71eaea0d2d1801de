"""Enquiries: questions that a person is asked to answer; how they stand, and by when they are due."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.models import Access, Noun
from knowledge.parties import address_of, parties_of
from knowledge.questions.asked import OPEN, Question
from knowledge.questions.asked import read as read_questions
from knowledge.store import aware
from knowledge.tables import enquiry, question
from knowledge.workdays import Calendar, Hours, Span, day_of, due

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


def by_number(connection: Connection, id: int) -> Enquiry | None:
    """An enquiry by its number."""
    return next(iter(read(connection, enquiry.c.id == id)), None)


def waiting(connection: Connection) -> list[Enquiry]:
    """Those somebody is still to answer, the first due first."""
    return read(connection, enquiry.c.state.in_(OPEN))


def of_somebody(connection: Connection, addresses: tuple[str, ...]) -> list[Enquiry]:
    """Those of whoever goes by these addresses, the first due first."""
    return read(connection, enquiry.c.asker.in_(parties_of(connection, addresses)))


def read(connection: Connection, where: sa.ColumnElement[bool]) -> list[Enquiry]:
    """Those that fit, the first due first."""
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
