"""Stands in for the real module, with its names, until that lands: files kept with a concern."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import tables

_BEGINNINGS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF": "application/pdf"}


class AttachmentError(Exception):
    """A file that is not kept. Its text says why."""


@dataclass(frozen=True)
class AttachmentLimits:
    """How many files, and how large each may be."""

    files: int = 5
    bytes: int = 10_000_000


@dataclass(frozen=True)
class Attachment:
    """A file as it is kept."""

    name: str
    type: str
    checksum: str
    content: bytes
    id: int = 0


def clean_attachment(name: str, content: bytes, limits: AttachmentLimits) -> Attachment:
    """A file, if it may be kept. Raises AttachmentError."""
    if len(content) > limits.bytes:
        raise AttachmentError(f"is larger than {limits.bytes // 1_000_000} MB.")
    type = next((one for beginning, one in _BEGINNINGS.items() if content.startswith(beginning)), "")
    if not type:
        raise AttachmentError("is no photograph and no PDF.")
    return Attachment(name[-255:], type, hashlib.sha256(content).hexdigest(), content)


def keep(
    connection: Connection, attachment: Attachment, *, concern: int | None, draft: str | None, now: datetime
) -> int:
    """Keeps a file with a concern or a draft, and gives its number."""
    row = {
        "concern": concern, "draft": draft, "name": attachment.name, "type": attachment.type,
        "checksum": attachment.checksum, "content": attachment.content, "added_at": now,
    }  # fmt: skip
    inserted = sa.insert(tables.attachment).values(**row).returning(tables.attachment.c.id)
    return int(connection.execute(inserted).scalar_one())


def attachments_of(connection: Connection, concern: int) -> list[Attachment]:
    """The files of a concern, without their content."""
    a = tables.attachment.c
    query = sa.select(a.name, a.type, a.checksum, a.id).where(a.concern == concern).order_by(a.id)
    return [Attachment(row.name, row.type, row.checksum, b"", row.id) for row in connection.execute(query)]


def attachment(connection: Connection, id: int) -> Attachment | None:
    """A file with its content."""
    row = connection.execute(sa.select(tables.attachment).where(tables.attachment.c.id == id)).first()
    return Attachment(row.name, row.type, row.checksum, row.content, row.id) if row else None


def move_to_concern(connection: Connection, draft: str, concern: int) -> None:
    """Gives a draft's files to its concern."""
    a = tables.attachment
    connection.execute(sa.update(a).where(a.c.draft == draft).values(draft=None, concern=concern))
