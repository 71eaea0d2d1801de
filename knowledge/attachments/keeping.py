"""Attachments in the record: with a draft first, with its concern once that is raised."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.attachments.cleaning import Attachment


class Kept(NamedTuple):
    """A file in the record. `concern`: None while it is a draft's; `content`: b"" in a list."""

    id: int
    concern: int | None
    name: str
    type: str
    content: bytes = b""


def keep(connection: Connection, one: Attachment, *, concern: int | None, draft: str | None, now: datetime) -> int:
    """Keeps a cleaned file and gives its number. The same file with the same draft or concern is kept once."""
    a = tables.attachment.c
    same = sa.and_(a.checksum == one.checksum, a.concern.is_(concern) if concern is None else a.concern == concern,
                   a.draft.is_(draft) if draft is None else a.draft == draft)  # fmt: skip
    if (known := connection.execute(sa.select(a.id).where(same)).scalar()) is not None:
        return int(known)
    row = {
        "concern": concern, "draft": draft, "name": one.name, "type": one.type, "checksum": one.checksum,
        "content": one.content, "added_at": now,
    }  # fmt: skip
    return int(connection.execute(sa.insert(tables.attachment).values(**row).returning(a.id)).scalar_one())


def attachments_of(connection: Connection, concern: int) -> list[Kept]:
    """The files of a concern, without their content."""
    a = tables.attachment.c
    rows = connection.execute(sa.select(a.id, a.concern, a.name, a.type).where(a.concern == concern).order_by(a.id))
    return [Kept(row.id, row.concern, row.name, row.type) for row in rows]


def attachment(connection: Connection, id: int) -> Kept | None:
    """One file with its content; None where there is none, or it was erased."""
    row = connection.execute(sa.select(tables.attachment).where(tables.attachment.c.id == id)).first()
    return Kept(row.id, row.concern, row.name, row.type, bytes(row.content)) if row else None


def move_to_concern(connection: Connection, draft: str, concern: int) -> None:
    """The files of a draft are its concern's from now on."""
    mine = tables.attachment.c.draft == draft
    connection.execute(sa.update(tables.attachment).where(mine).values(concern=concern, draft=None))
