"""Questions about the papers as they were written down, each with what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.models import Access, Noun
from knowledge.parties import address_of, party_of
from knowledge.store import aware, insert_new
from knowledge.tables import enquiry, question, rating

ANSWERED, NOT_FOUND = "answered", "not_in_documents"
"""What becomes of a question about the papers."""
OPEN = ("waiting", "claimed")
"""States of an enquiry that somebody is still to answer."""
_AT_ONCE = 500


class Question(Noun):
    """A question. `asker`: an address, "" for a stranger and where it is forgotten; `text`: masked where it seemed
    personal, "" once it is cleared; `readable`: the access it was answered with; `passages`: those cited, best first;
    `entry`: the digest entry that spoke for the first, "" for none."""

    id: int
    asker: str = ""
    text: str
    outcome: str
    surface: str
    readable: frozenset[Access]
    passages: tuple[str, ...] = ()
    entry: str = ""
    asked_at: datetime


def write_down(
    connection: Connection, now: datetime, *, message: str, asker: str, text: str, outcome: str, surface: str,
    readable: frozenset[Access], passages: Sequence[str] = (), entry: str = "",
) -> int:  # fmt: skip
    """Writes a question down and gives its number. `message`: the id of what brought it, "" for none: a repeat of it is
    the same question; `asker`: an address, "" for a stranger."""
    message = (message or f"own:{secrets.token_hex(16)}")[:200]
    row = {
        "message": message, "asker": party_of(connection, asker) if asker else None, "text": text, "outcome": outcome,
        "surface": surface, "readable": sorted(readable), "passages": list(passages), "entry": entry[:200],
        "asked_at": now,
    }  # fmt: skip
    made = connection.execute(insert_new(connection, question).values(**row).returning(question.c.id)).scalar()
    if made is None:
        made = connection.execute(sa.select(question.c.id).where(question.c.message == message)).scalar_one()
    return int(made)


def by_number(connection: Connection, id: int) -> Question | None:
    """A question by its number."""
    return next(iter(read(connection, question.c.id == id)), None)


def asked_since(connection: Connection, since: datetime, until: datetime | None = None) -> list[Question]:
    """Those asked from a moment on whose text is still there, the oldest first."""
    before = question.c.asked_at < until if until else sa.true()
    return read(connection, sa.and_(question.c.asked_at >= since, before, question.c.text != ""))


def read(connection: Connection, where: sa.ColumnElement[bool]) -> list[Question]:
    """The questions of which something holds, the oldest first."""
    rows = connection.execute(sa.select(question).where(where).order_by(question.c.asked_at, question.c.id)).all()
    addresses = {number: address_of(connection, number) for number in {row.asker for row in rows}}
    return [
        Question(
            id=row.id, asker=addresses[row.asker], text=row.text, outcome=row.outcome, surface=row.surface,
            readable=frozenset(map(Access, row.readable)), passages=tuple(row.passages), entry=row.entry,
            asked_at=aware(row.asked_at),
        )
        for row in rows
    ]  # fmt: skip


def clear_old(connection: Connection, before: datetime, now: datetime) -> int:
    """Clears what was asked before a moment, who asked, what they say of the answer, and what an officer wrote to them;
    not while somebody is still to answer it. That it was asked, and what became of it, stays. Returns how many."""
    waits = sa.select(enquiry.c.question).where(enquiry.c.state.in_(OPEN))
    old = sa.and_(question.c.cleared_at.is_(None), question.c.asked_at < before, question.c.id.not_in(waits))
    numbers = list(connection.execute(sa.select(question.c.id).where(old).limit(_AT_ONCE)).scalars())
    these = question.c.id.in_(numbers)
    connection.execute(sa.update(question).where(these).values(text="", asker=None, cleared_at=now))
    connection.execute(sa.delete(rating).where(rating.c.question.in_(numbers)))
    forgotten: dict[str, object] = {"asker": None, "origin": {}, "answer": ""}
    connection.execute(sa.update(enquiry).where(enquiry.c.question.in_(numbers)).values(**forgotten))
    return len(numbers)
