"""The tables of what is owed to people, of who sends it, and of links that sign in."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from knowledge.tables.base import concern_number, metadata, moment, party_number

notification = Table(
    "notification",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(100), nullable=False),
    party_number("recipient"),
    Column("channel", String(16), nullable=False),
    concern_number(nullable=True),
    Column("about", JSON, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("problem", String(200), nullable=False),
    moment("made_at"),
    moment("due_at"),
    moment("lease_until"),
    Column("worker", String(64), nullable=False),
    Column("attempts", Integer, nullable=False),
    moment("settled_at", nullable=True),
    Column("place", JSON, nullable=False),
    Column("round_up", String(32), nullable=False, server_default=""),
    Column("receipt", String(32), nullable=False, server_default=""),
    moment("receipt_at", nullable=True),
    UniqueConstraint("subject", "kind", "recipient", "channel", name="notification_once"),
    Index("notification_due", "state", "urgent", "channel", "due_at"),
    Index("notification_by_concern", "concern"),
    Index("notification_by_recipient", "recipient", "settled_at"),
    Index("notification_by_round_up", "round_up"),
)
"""The outbox: what is owed to whom. `subject`: the fact it tells of ("event:12"), which owes it to a recipient on a
channel once; `about`: numbers it is rendered from when it is sent; `place`: where it now stands; `round_up`: the
notification in which it was told, "" for none; `receipt`: what the carrier says became of it (delivered ...)."""

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", String(100), primary_key=True),
    moment("at"),
)
"""When each worker was last heard of."""

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("id", String(64), primary_key=True),
    party_number("party"),
    moment("made_at"),
    moment("expires_at"),
    moment("used_at", nullable=True),
    Index("sign_in_link_by_party", "party", "made_at"),
)
"""A link that signs somebody in once. `id`: the hash of what the link holds."""
