"""A concern that is written and not raised yet: it waits for its Member to confirm, or to say what it lacks."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.concerns.texts import forget_text, text, write_text
from knowledge.models import Noun
from knowledge.parties import parties_of, party_of
from knowledge.store import aware
from knowledge.tables import attachment, draft

KEPT = timedelta(days=1)
"""How long a draft waits before its text is cleared."""


class Draft(Noun):
    """A written concern. `about`: what was found of it (contracts by reference, service, district, lacks, at_risk)."""

    id: str
    thread: str
    body: str
    text: int
    about: dict[str, Any]
    made_at: datetime


def keep_draft(
    connection: Connection, address: str, thread: str, body: str, about: Mapping[str, Any], now: datetime
) -> str:
    """Keeps a draft and gives its id. The one before it in the same conversation goes where this one says all it said;
    what else was written there can still be raised."""
    id, person = secrets.token_hex(8), party_of(connection, address)
    before = _drafts(connection, draft.c.person == person, draft.c.thread == thread, most=1) if thread else []
    number = write_text(connection, "draft", body, address, now)
    row = {"id": id, "person": person, "thread": thread, "text": number, "about": dict(about)}
    connection.execute(sa.insert(draft).values(**row, made_at=now))
    for one in before:
        if body.startswith(one.body):
            connection.execute(sa.update(attachment).where(attachment.c.draft == one.id).values(draft=id))
            forget_draft(connection, one)
    return id


def draft_of(connection: Connection, id: str, addresses: Collection[str]) -> Draft | None:
    """Somebody's own draft; None where it is not theirs, raised, or cleared."""
    found = _drafts(connection, draft.c.id == id, draft.c.person.in_(parties_of(connection, addresses)))
    return found[0] if found else None


def waiting_draft(connection: Connection, addresses: Collection[str], thread: str, since: datetime) -> Draft | None:
    """The newest draft of a conversation where it still lacks something."""
    if not thread:
        return None
    mine = draft.c.person.in_(parties_of(connection, addresses))
    found = _drafts(connection, mine, draft.c.thread == thread, draft.c.made_at >= since, most=1)
    return found[0] if found and found[0].about.get("lacks") else None


def note_member(connection: Connection, one: Draft, member: str) -> None:
    """Writes down for which Member (an address) an officer raises a draft."""
    about = {**one.about, "member": member}
    connection.execute(sa.update(draft).where(draft.c.id == one.id).values(about=about))


def forget_draft(connection: Connection, one: Draft, *, and_text: bool = True) -> None:
    """Lets go of a draft; its text too, unless a concern has it now."""
    connection.execute(sa.delete(attachment).where(attachment.c.draft == one.id))
    connection.execute(sa.delete(draft).where(draft.c.id == one.id))
    if and_text:
        forget_text(connection, one.text)


def forget_old_drafts(connection: Connection, now: datetime, kept: timedelta = KEPT) -> int:
    """Clears drafts nobody raised. Returns how many."""
    old = _drafts(connection, draft.c.made_at < now - kept)
    for one in old:
        forget_draft(connection, one)
    return len(old)


def _drafts(connection: Connection, *where: sa.ColumnElement[bool], most: int | None = None) -> list[Draft]:
    """Drafts that fit, newest first."""
    rows = connection.execute(sa.select(draft).where(*where).order_by(draft.c.made_at.desc()).limit(most)).all()
    found = []
    for row in rows:
        written = text(connection, row.text)
        body = written.body if written else ""
        found.append(
            Draft(id=row.id, thread=row.thread, body=body, text=row.text, about=row.about, made_at=aware(row.made_at))
        )
    return found
