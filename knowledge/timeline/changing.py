"""The council changes its timeline itself: an intention begun, changed, withdrawn, taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.timeline.book import Book
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.entry import Entry
from knowledge.timeline.folding import Own
from knowledge.timeline.nouns import State
from knowledge.timeline.rows import notice_keys, say
from knowledge.timeline.showing import Shower
from knowledge.timeline.twins import weak_key


class NoSuchIntention(Exception):
    """There is no intention of a reference. Its text says so."""


class CannotChange(Exception):
    """A change that is not possible as things stand. Its text says why."""


def same_title(connection: Connection, title: str) -> str | None:
    """The reference of an intention in the council's own words that has this title and is not withdrawn."""
    table, key = tables.intention, tables.notice_key
    query = (
        sa.select(table.c.reference, table.c.about)
        .join(key, key.c.intention == table.c.id)
        .where(key.c.key == weak_key("", title, own=True))
        .order_by(table.c.id)
    )
    rows = connection.execute(query).all()
    return next((row.reference for row in rows if row.about.get("state") != State.WITHDRAWN.value), None)


def begin(
    connection: Connection, said: Mapping[str, Any], now: datetime, buyers: Buyers, *, reference: str = "",
    by: int | None = None,
) -> Entry:  # fmt: skip
    """Begins an intention of the council's. `said`: fields of the terms; `reference`: the council's, else the desk
    gives one. Raises CannotChange where the reference is taken."""
    book = Book(connection, buyers, Shower(connection), now)
    book.gather([], [], {reference} if reference else ())
    if reference and book.by_reference(reference):
        raise CannotChange(f"there is an intention {reference} already")
    entry, _ = say(book, None, said, "", reference=reference, at=now, by=by)
    book.add_keys(entry, notice_keys(said.get("related", ())))
    book.write()
    return entry


def change(
    connection: Connection, reference: str, said: Mapping[str, Any], reason: str, now: datetime, buyers: Buyers, *,
    by: int | None = None,
) -> Entry:  # fmt: skip
    """Changes what the council says of an intention. Raises NoSuchIntention, ReasonMissing, and CannotChange where
    nothing would change."""
    book, entry = _opened(connection, reference, now, buyers)
    if not entry.saying({name: Own(value, now) for name, value in said.items()}):
        raise CannotChange(f"{entry.reference} says so already")
    say(book, entry, said, reason, at=now, by=by)
    book.add_keys(entry, notice_keys(said.get("related", ())))
    book.write()
    return entry


def withdraw(
    connection: Connection, reference: str, reason: str, now: datetime, buyers: Buyers, *, by: int | None = None
) -> Entry:
    """Withdraws an intention. Raises as `change` does."""
    return change(connection, reference, {"state": State.WITHDRAWN}, reason, now, buyers, by=by)


def restore(
    connection: Connection, reference: str, reason: str, now: datetime, buyers: Buyers, *, by: int | None = None
) -> Entry:
    """Takes a withdrawn intention up again, as it stood. Raises as `change` does, and CannotChange where it is not
    withdrawn."""
    book, entry = _opened(connection, reference, now, buyers)
    if entry.terms.state is not State.WITHDRAWN:
        raise CannotChange(f"{entry.reference} is not withdrawn")
    say(book, entry, {"state": State.PLANNED}, reason, at=now, by=by)
    book.write()
    return entry


def _opened(connection: Connection, reference: str, now: datetime, buyers: Buyers) -> tuple[Book, Entry]:
    book = Book(connection, buyers, Shower(connection), now)
    book.gather([], [], {reference})
    entry = book.by_reference(reference)
    if entry is None:
        raise NoSuchIntention(f"there is no intention {reference}")
    return book, entry
