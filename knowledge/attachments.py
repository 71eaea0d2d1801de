from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection


class AttachmentError(Exception): ...


@dataclass(frozen=True)
class AttachmentLimits:
    files: int = 5


@dataclass(frozen=True)
class Attachment:
    name: str
    type: str
    checksum: str
    content: bytes
    id: int = 0


def clean_attachment(name: str, content: bytes, limits: AttachmentLimits) -> Attachment:
    return Attachment(name, "", "", content)


def keep(
    connection: Connection, attachment: Attachment, *, concern: int | None, draft: str | None, now: datetime
) -> int:
    return 0


def attachments_of(connection: Connection, concern: int) -> list[Attachment]:
    return []


def move_to_concern(connection: Connection, draft: str, concern: int) -> None: ...
