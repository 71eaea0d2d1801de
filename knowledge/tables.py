"""The record's tables. Changed only together with a migration."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

fact = Table(
    "fact",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single values of the record: `edition` and `register_edition` are raised whenever what is searched has changed."""

document = Table(
    "document",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("checksum", String(64), nullable=False),
    Column("access", String(16), nullable=False),
    Column("about", JSON, nullable=False),
    Column("indexed_at", DateTime(timezone=True), nullable=False),
)

passage = Table(
    "passage",
    metadata,
    Column("document", String(200), ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("anchor", String(400), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("gone", Boolean, nullable=False, default=False),
    Column("body", JSON, nullable=False),
)
"""A passage that has gone from its document stays with its last position, so that old links find the nearest."""

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False),
    Column("slack_id", String(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("about", JSON, nullable=False),
    Index("person_by_email", "email"),
    Index("person_by_slack_id", "slack_id"),
)

incoming = Table(
    "incoming",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("surface", String(16), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("lease_until", DateTime(timezone=True), nullable=False),
    Column("handled_at", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("state", String(16), nullable=False),
    Column("payload", JSON),
    Index("incoming_open", "state", "lease_until"),
)
"""What came in, written down before it is acknowledged. The payload goes once it is handled."""

turn = Table(
    "turn",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thread", String(200), nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("question", Text, nullable=False),
    Column("reply", JSON, nullable=False),
    Index("turn_by_thread", "thread", "id"),
)
"""One question and its reply in a conversation, kept so that a follow-up keeps the subject."""

contract = Table(
    "contract",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("about", JSON, nullable=False),
    Column("corrected", JSON, nullable=False),
    Column("source", String(255), nullable=False),
    Column("line", Integer, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
    Column("missing_since", DateTime(timezone=True)),
    Column("ended_on", Date),
)
"""The register. `about` is the row as imported; `corrected`, field by field, what people put right in the desk, which
wins and survives the next import."""

unread_row = Table(
    "unread_row",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("list", String(16), nullable=False),
    Column("source", String(255), nullable=False),
    Column("line", Integer, nullable=False),
    Column("reference", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("cells", JSON, nullable=False),
    Column("read_at", DateTime(timezone=True), nullable=False),
    Index("unread_row_by_list", "list", "source"),
)
"""A row of an imported list (register, places) that could not be taken, kept with its reason until the file of that
name is imported again."""

place = Table(
    "place",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(100), nullable=False),
    Column("district", String(200), nullable=False),
)
