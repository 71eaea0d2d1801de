"""The tables of concerns: who is in them, what was written and what came of it."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from knowledge.tables.base import concern_number, metadata, moment, party_number

party = Table(
    "party",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", String(254), nullable=False, unique=True),
    Column("unreachable", String(64), nullable=False, default=""),
    moment("unreachable_since", nullable=True),
)
"""Somebody the desk has dealt with: an e-mail address, or a Slack id where there is none. Every other table names
people by this number, so that forgetting somebody changes one row. `unreachable`: why nothing arrives there."""

concern = Table(
    "concern",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract", String(200), nullable=False),
    Column("service", String(64), nullable=False),
    Column("district", String(200), nullable=False, server_default=""),
    Column("level", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("outcome", String(16), nullable=False, default=""),
    Column("at_risk", Boolean, nullable=False),
    party_number("raised_by"),
    party_number("entered_by", nullable=True),
    party_number("holder", nullable=True),
    Column("holder_role", String(32), nullable=False),
    Column("origin", JSON, nullable=False),
    Column("source", String(200), nullable=False, unique=True),
    moment("raised_at"),
    moment("acknowledge_by"),
    moment("answer_by"),
    moment("acknowledged_at", nullable=True),
    moment("answered_at", nullable=True),
    moment("closed_at", nullable=True),
    moment("waiting_since", nullable=True),
    moment("next_check_at"),
    Index("concern_by_contract", "contract", "state"),
    Index("concern_by_member", "raised_by"),
    Index("concern_by_holder", "holder"),
    Index("concern_to_check", "next_check_at"),
)
"""A concern as it stands; how it came to stand so is in its events. `contract`: a key of the register, "" for none;
`service`: a key of the catalogue; `district`: where it is about, "" where that was not said; `origin`: where it was
raised, to answer there; `source`: what raised it, once."""

concern_event = Table(
    "concern_event",
    metadata,
    Column("id", Integer, primary_key=True),
    concern_number(),
    moment("at"),
    Column("move", String(24), nullable=False),
    party_number("by", nullable=True),
    Column("state", String(16), nullable=False),
    Column("about", JSON, nullable=False),
    Column("source", String(200), unique=True),
    Index("concern_event_by_concern", "concern", "id"),
)
"""What happened to a concern: only ever added to, and holding numbers only. `state`: how it stood afterwards."""

personal_text = Table(
    "personal_text",
    metadata,
    Column("id", Integer, primary_key=True),
    concern_number(nullable=True),
    Column("kind", String(16), nullable=False),
    party_number("written_by", nullable=True),
    moment("written_at"),
    Column("body", Text, nullable=False),
    Index("personal_text_by_concern", "concern"),
)
"""The one place for what people write about people, so that erasing reaches all of it."""

draft = Table(
    "draft",
    metadata,
    Column("id", String(32), primary_key=True),
    party_number("person"),
    Column("thread", String(200), nullable=False),
    Column("text", Integer, ForeignKey("personal_text.id"), nullable=False),
    Column("about", JSON, nullable=False),
    moment("made_at"),
    Index("draft_by_person", "person", "thread"),
)
"""A concern that is written and not raised yet."""

attachment = Table(
    "attachment",
    metadata,
    Column("id", Integer, primary_key=True),
    concern_number(nullable=True),
    Column("draft", String(32), ForeignKey("draft.id")),
    Column("name", String(255), nullable=False),
    Column("type", String(64), nullable=False),
    Column("checksum", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    moment("added_at"),
    Index("attachment_by_concern", "concern"),
    Index("attachment_by_draft", "draft"),
)

follower = Table(
    "follower",
    metadata,
    concern_number(primary_key=True),
    party_number("party", primary_key=True),
    Column("origin", JSON, nullable=False),
    moment("since"),
)

provider_contact = Table(
    "provider_contact",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("provider", String(300), nullable=False),
    Column("contract", String(200), nullable=False),
    party_number("party"),
    Column("name", String(200), nullable=False),
    party_number("given_by", nullable=True),
    moment("given_at"),
    UniqueConstraint("provider", "contract", "party", name="provider_contact_once"),
)
"""Whom to ask at a provider: for one contract, or ("") for all of theirs."""

provider_request = Table(
    "provider_request",
    metadata,
    Column("id", Integer, primary_key=True),
    concern_number(),
    Column("contract", String(200), nullable=False),
    party_number("asked_by"),
    party_number("asked_of"),
    moment("asked_at"),
    moment("answer_by"),
    Column("promised", Date),
    moment("answered_at", nullable=True),
    Column("question", Integer, ForeignKey("personal_text.id"), nullable=False),
    Column("answer", Integer, ForeignKey("personal_text.id")),
    Column("chased", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Index("provider_request_by_concern", "concern"),
    Index("provider_request_by_contract", "contract"),
)
"""What a provider was asked about a concern, and what they answered."""
