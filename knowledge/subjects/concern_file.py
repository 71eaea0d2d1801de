"""All that the desk holds of one concern, for a request of access or for the council's case file."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.attachments import Kept, attachment, attachments_of
from knowledge.concerns import record
from knowledge.concerns.nouns import Concern
from knowledge.concerns.providers import requests_of
from knowledge.concerns.texts import text, texts_of
from knowledge.parties import address_of
from knowledge.store import aware
from knowledge.tables import audit, notification

_UNFIT = re.compile(r'[/\\:*?"<>|]')
"""What no name of a file may have on one system or another."""


def concern_file(connection: Connection, number: int) -> dict[str, Any] | None:
    """All of it, as JSON can hold it; None where there is no such concern. `files` names those that go with it."""
    found = record.concern(connection, number)
    if found is None:
        return None
    return {
        **_standing(found),
        "texts": [
            {"kind": one.kind, "by": one.written_by, "at": one.written_at.isoformat(), "text": one.body}
            for one in texts_of(connection, number)
        ],
        "files": [{"name": file_name(one), "type": one.type} for one in attachments_of(connection, number)],
        "happened": [
            {
                "at": one.at.isoformat(), "move": one.move.value, "by": one.by, "state": one.state.value,
                **_to(connection, one.about),
            }
            for one in record.events(connection, number)
        ],
        "asked_of_providers": _requests(connection, number),
        "followers": sorted(record.followers(connection, number)),
        "told": _told(connection, number),
        "audit": _audit(connection, number),
    }  # fmt: skip


def files_of(connection: Connection, number: int) -> list[Kept]:
    """The files of a concern, with their content."""
    found = (attachment(connection, one.id) for one in attachments_of(connection, number))
    return [one for one in found if one]


def file_name(one: Kept) -> str:
    """What a file is called beside others: its number stands before its name, no path in it, and nothing over which a
    disk stumbles or that shows it as something else."""
    stem, dot, ending = one.name.lstrip(".").rpartition(".")
    name = f"{(stem or ending)[:40]}{dot if stem else ''}{ending[:8] if stem else ''}"
    return f"{one.id}-{_UNFIT.sub('_', ''.join(char if char.isprintable() else '_' for char in name)).rstrip(' .')}"


def _standing(one: Concern) -> dict[str, Any]:
    figures = one.model_dump(mode="json", exclude={"id", "origin"}, exclude_none=True)
    return {"reference": one.reference, **{name: value for name, value in figures.items() if value != ""}}


def _to(connection: Connection, about: dict[str, Any]) -> dict[str, str]:
    return {"to": address_of(connection, about["to"])} if isinstance(about.get("to"), int) else {}


def _requests(connection: Connection, number: int) -> list[dict[str, Any]]:
    return [
        {
            "contract": one.contract, "asked_by": one.asked_by, "asked_of": one.asked_of,
            "asked_at": one.asked_at.isoformat(), "question": _said(connection, one.question),
            "answer": _said(connection, one.answer),
            "answered_at": _iso(one.answered_at), "promised": one.promised.isoformat() if one.promised else None,
        }
        for one in requests_of(connection, number)
    ]  # fmt: skip


def _said(connection: Connection, id: int | None) -> str:
    found = text(connection, id)
    return found.body if found else ""


def _told(connection: Connection, number: int) -> list[dict[str, Any]]:
    n = notification
    rows = connection.execute(sa.select(n).where(n.c.concern == number).order_by(n.c.made_at, n.c.id))
    return [
        {
            "kind": row.kind, "to": address_of(connection, row.recipient), "channel": row.channel, "state": row.state,
            "made_at": _iso(row.made_at), "settled_at": _iso(row.settled_at),
        }
        for row in rows.all()
    ]  # fmt: skip


def _audit(connection: Connection, number: int) -> list[dict[str, Any]]:
    about = sa.and_(audit.c.kind == "concern", audit.c.about == str(number))
    rows = connection.execute(sa.select(audit).where(about).order_by(audit.c.id)).all()
    return [{"at": _iso(row.at), "deed": row.deed, "by": address_of(connection, row.by)} for row in rows]


def _iso(moment: datetime | None) -> str | None:
    return aware(moment).isoformat() if moment else None
