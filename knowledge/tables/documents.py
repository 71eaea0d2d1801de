"""The tables of the papers, of who is who, and of what came in and was said."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, String, Table, Text

from knowledge.tables.base import metadata, party_number

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
    party_number("asker", nullable=True),
    Index("turn_by_thread", "thread", "id"),
    Index("turn_by_asker", "asker"),
)
"""One question and its reply in a conversation, kept so that a follow-up keeps the subject. `asker`: None for somebody
the surface does not know."""
