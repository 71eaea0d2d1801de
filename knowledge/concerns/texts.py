"""What people write about people: the one place where it is kept, and read only by number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.parties import address_of, party_of
from knowledge.store import aware
from knowledge.tables import personal_text


class Text(NamedTuple):
    """Something somebody wrote. `kind`: draft, concern, more, reply, question, request, answer, note."""

    id: int
    kind: str
    written_by: str
    written_at: datetime
    body: str


def write_text(
    connection: Connection, kind: str, body: str, by: str, now: datetime, *, concern: int | None = None
) -> int:
    """Keeps a text and gives its number."""
    row = {
        "concern": concern, "kind": kind, "body": body, "written_at": now,
        "written_by": party_of(connection, by) if by else None,
    }  # fmt: skip
    return int(connection.execute(sa.insert(personal_text).values(**row).returning(personal_text.c.id)).scalar_one())


def text(connection: Connection, id: int | None) -> Text | None:
    """A text by its number; None where there is none, or it was erased."""
    there = sa.and_(personal_text.c.id == id, personal_text.c.body != "")
    row = connection.execute(sa.select(personal_text).where(there)).first() if id else None
    return _text(connection, row) if row else None


def texts_of(connection: Connection, concern: int) -> list[Text]:
    """What was written in a concern, oldest first; nothing of what was erased."""
    there = sa.and_(personal_text.c.concern == concern, personal_text.c.body != "")
    query = sa.select(personal_text).where(there).order_by(personal_text.c.id)
    return [_text(connection, row) for row in connection.execute(query)]


def first_texts(connection: Connection, concerns: Sequence[int]) -> dict[int, str]:
    """What was first written in each of these concerns."""
    c = personal_text.c
    wanted = sa.and_(c.concern.in_(concerns), c.kind == "concern", c.body != "")
    rows = connection.execute(sa.select(personal_text.c.concern, personal_text.c.body).where(wanted))
    return {row.concern: row.body for row in rows}


def give_to_concern(connection: Connection, id: int, concern: int) -> None:
    """Makes a draft's text the text of a concern."""
    connection.execute(sa.update(personal_text).where(personal_text.c.id == id).values(concern=concern, kind="concern"))


def forget_text(connection: Connection, id: int) -> None:
    """Deletes a text that nothing refers to any more."""
    connection.execute(sa.delete(personal_text).where(personal_text.c.id == id))


def _text(connection: Connection, row: sa.Row) -> Text:  # type: ignore[type-arg]
    return Text(row.id, row.kind, address_of(connection, row.written_by), aware(row.written_at), row.body)
