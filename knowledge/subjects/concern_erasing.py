"""A concern is erased: what was written in it, and what repeats that anywhere else in the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.audit import Deed, account
from knowledge.concerns.drafts import Draft
from knowledge.concerns.drafts import forget_draft as let_go
from knowledge.questions.masking import masked
from knowledge.retention.concerns import clear_concern
from knowledge.retention.erasures import Entry, mark_of
from knowledge.store import aware
from knowledge.subjects.naming import Said
from knowledge.tables import attachment, concern, draft, enquiry, incoming, personal_text, question, rating, turn

KIND = "concern"
Knows = Callable[[Sequence[str]], AbstractSet[str]]


class Erased(NamedTuple):
    """What an erasure has done. `counts`: how much went, by kind; `looked_for`: the texts that went, to look whether
    they still stand anywhere; not to be shown."""

    counts: dict[str, int]
    looked_for: tuple[str, ...]


def entry_of(connection: Connection, number: int, now: datetime) -> Entry | None:
    """How a concern stands on the list of erasures; None where there is none."""
    raised = connection.execute(sa.select(concern.c.raised_at).where(concern.c.id == number)).scalar()
    if raised is None:
        return None
    return Entry(KIND, number, mark_of(connection, KIND, number, aware(raised).isoformat()), now.isoformat())


def erase_concern(
    connection: Connection, number: int, now: datetime, *, by: str = "", knows: Knows = lambda stems: frozenset()
) -> Erased:
    """Erases it. `by`: whoever does, an address, "" for the command line; `knows`: which stems the papers hold, by
    which questions were masked."""
    bodies, names = _written(connection, number)
    writers = _writers(connection, number)
    said = Said([*bodies, *(masked(body, knows) for body in bodies)])
    counts = clear_concern(connection, number, now)
    if said:
        counts |= {
            "drafts": _drafts(connection, said), "conversations": _turns(connection, said, writers),
            "messages": _messages(connection, said), "questions": _questions(connection, said, now),
        }  # fmt: skip
    account(connection, Deed.ERASED, KIND, number, now, by=by, counts=counts)
    return Erased(counts, tuple(one for one in (*bodies, *names) if len(one) > 8))


def _written(connection: Connection, number: int) -> tuple[list[str], list[str]]:
    bodies = sa.select(personal_text.c.body).where(personal_text.c.concern == number, personal_text.c.body != "")
    names = sa.select(attachment.c.name).where(attachment.c.concern == number)
    return list(connection.execute(bodies).scalars()), list(connection.execute(names).scalars())


def _drafts(connection: Connection, said: Said) -> int:
    """The same, written before and not raised."""
    query = sa.select(draft, personal_text.c.body).join(personal_text, personal_text.c.id == draft.c.text)
    rows = [row for row in connection.execute(query).all() if said.in_(row.body)]
    for row in rows:
        values = {"id": row.id, "thread": row.thread, "body": "", "text": row.text, "about": {}, "made_at": row.made_at}
        let_go(connection, Draft.model_validate(values))
    return len(rows)


def _writers(connection: Connection, number: int) -> set[int]:
    """Whoever raised it, entered it, has it, or wrote in it, by number."""
    mine = sa.select(concern.c.raised_by, concern.c.entered_by, concern.c.holder).where(concern.c.id == number)
    wrote = sa.select(personal_text.c.written_by).where(personal_text.c.concern == number)
    people = [one for row in connection.execute(mine) for one in row] + list(connection.execute(wrote).scalars())
    return {one for one in people if one is not None}


def _turns(connection: Connection, said: Said, writers: set[int]) -> int:
    """What repeats it, and all the conversations of those who wrote in it: they may have asked about the same people in
    other words, and lose nothing but that the desk remembers what was asked before."""
    rows = connection.execute(sa.select(turn)).all()
    numbers = [row.id for row in rows if row.asker in writers or said.in_([row.question, row.reply])]
    for number in numbers:
        connection.execute(sa.delete(turn).where(turn.c.id == number))
    return len(numbers)


def _messages(connection: Connection, said: Said) -> int:
    """What came in with it and could not be handled, or is in hand: it stays as expired, and is not tried again."""
    held = incoming.c.payload.is_not(None)
    rows = connection.execute(sa.select(incoming.c.id, incoming.c.payload).where(held)).all()
    ids = [row.id for row in rows if said.in_(row.payload)]
    for id in ids:
        values = {"payload": sa.null(), "state": "expired"}
        connection.execute(sa.update(incoming).where(incoming.c.id == id).values(**values))
    return len(ids)


def _questions(connection: Connection, said: Said, now: datetime) -> int:
    """The same, asked first of the papers: its words, not that it was asked."""
    rows = connection.execute(sa.select(question.c.id, question.c.text).where(question.c.text != "")).all()
    numbers = [row.id for row in rows if said.in_(row.text)]
    for one in numbers:
        connection.execute(sa.update(question).where(question.c.id == one).values(text="", cleared_at=now))
        connection.execute(sa.update(enquiry).where(enquiry.c.question == one).values(answer="", origin={}))
        connection.execute(sa.delete(rating).where(rating.c.question == one))
    return len(numbers)
