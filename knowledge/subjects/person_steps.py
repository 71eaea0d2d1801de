"""What goes of somebody, step by step: each gives how much it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.outbox.owing import GATHERING, PARKED, STOPPED, WAITING
from knowledge.subjects.naming import naming
from knowledge.subjects.somebody import Somebody, holds
from knowledge.subscriptions import record
from knowledge.subscriptions.endpoints import forget_owner
from knowledge.subscriptions.forgetting import empty_words
from knowledge.subscriptions.nouns import State
from knowledge.takings.record import clear_naming


def _alerts(connection: Connection, one: Somebody, now: datetime) -> int:
    s = tables.subscription
    theirs = sa.or_(s.c.recipient.in_(one.numbers), s.c.owner.in_(one.numbers))
    numbers = connection.execute(sa.select(s.c.id).where(theirs)).scalars().all()
    for number in numbers:
        record.end(connection, number, "erased", now)
    empty_words(connection, sa.and_(theirs, s.c.state == State.ENDED.value))
    connection.execute(sa.delete(tables.confirmation).where(tables.confirmation.c.party.in_(one.numbers)))
    for number in one.numbers:
        forget_owner(connection, number)
    return len(numbers)


def _questions(connection: Connection, one: Somebody, now: datetime) -> int:
    q, e, r = tables.question, tables.enquiry, tables.rating
    theirs = sa.and_(q.c.asker.in_(one.numbers), q.c.asker.is_not(None))
    numbers = connection.execute(sa.select(q.c.id).where(theirs)).scalars().all()
    waits = sa.and_(e.c.asker.in_(one.numbers), e.c.state.in_(("waiting", "claimed")))
    connection.execute(sa.update(e).where(waits).values(state="dropped", settled_at=now))
    forgotten: dict[str, object] = {"asker": None, "origin": {}, "answer": ""}
    connection.execute(sa.update(e).where(e.c.asker.in_(one.numbers)).values(**forgotten))
    connection.execute(sa.update(q).where(theirs).values(text="", asker=None, cleared_at=now))
    connection.execute(sa.delete(r).where(r.c.party.in_(one.numbers)))
    return len(numbers)


def _drafts(connection: Connection, one: Somebody, now: datetime) -> int:
    d, file, text = tables.draft, tables.attachment, tables.personal_text
    rows = connection.execute(sa.select(d.c.id, d.c.text).where(d.c.person.in_(one.numbers))).all()
    connection.execute(sa.delete(file).where(file.c.draft.in_([row.id for row in rows])))
    connection.execute(sa.delete(d).where(d.c.id.in_([row.id for row in rows])))
    connection.execute(sa.delete(text).where(text.c.id.in_([row.text for row in rows])))
    return len(rows)


def _messages(connection: Connection, one: Somebody, now: datetime) -> int:
    """What came in from them, or names them, and was not handled."""
    table, names_them = tables.incoming, naming(one.addresses)
    rows = connection.execute(sa.select(table.c.id, table.c.payload).where(table.c.payload.is_not(None))).all()
    ids = [row.id for row in rows if names_them(row.payload)]
    for id in ids:
        connection.execute(sa.update(table).where(table.c.id == id).values(payload=sa.null(), state="expired"))
    return len(ids)


def _notifications(connection: Connection, one: Somebody, now: datetime) -> int:
    """What has not left does not leave; of the rest it is forgotten where it stands. Word of what is open stays."""
    n, held = tables.notification, holds(connection, one)
    theirs = n.c.recipient.in_(one.numbers)
    if not held:
        waits = sa.and_(theirs, n.c.state.in_((WAITING, GATHERING, PARKED)))
        connection.execute(sa.update(n).where(waits).values(state=STOPPED, settled_at=now))
    over = sa.and_(theirs, n.c.state.not_in((WAITING, GATHERING, PARKED)))
    return connection.execute(sa.update(n).where(over).values(place={}, about={}, problem="")).rowcount


def _takings(connection: Connection, one: Somebody, now: datetime) -> int:
    """What an import could be undone by, where it names them: that one cannot be undone any more."""
    return clear_naming(connection, naming(one.looked_for))


def _rows_of(table: sa.Table, *columns: str) -> Callable[[Connection, Somebody, datetime], int]:
    """Deletes the rows that name them."""

    def delete(connection: Connection, one: Somebody, now: datetime) -> int:
        theirs = sa.or_(*(table.c[name].in_(one.numbers) for name in columns))
        if table is tables.posting:
            theirs = sa.and_(theirs, table.c.state != "published")
        return connection.execute(sa.delete(table).where(theirs)).rowcount

    return delete


STEPS: dict[str, Callable[[Connection, Somebody, datetime], int]] = {
    "alerts": _alerts, "questions": _questions, "drafts": _drafts,
    "conversations": _rows_of(tables.turn, "asker"), "checklists": _rows_of(tables.checklist, "owner"),
    "links": _rows_of(tables.sign_in_link, "party"), "contacts": _rows_of(tables.provider_contact, "party"),
    "postings": _rows_of(tables.posting, "posted_by"), "messages": _messages, "takings": _takings,
    "notifications": _notifications,
}  # fmt: skip
"""What goes, step by step."""
