"""The record's tables. Changed only together with a migration."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from knowledge.tables.base import metadata, moment, party_number
from knowledge.tables.timeline import (
    intention,
    intention_kind,
    intention_time,
    intention_version,
    notice,
    notice_key,
)

__all__ = [
    "intention",
    "intention_kind",
    "intention_time",
    "intention_version",
    "metadata",
    "notice",
    "notice_key",
]

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


def _of_concern(*, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    return Column("concern", Integer, ForeignKey("concern.id"), nullable=nullable, primary_key=primary_key)


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
`service`: a key of the catalogue; `origin`: where it was raised, to answer there; `source`: what raised it, once."""

concern_event = Table(
    "concern_event",
    metadata,
    Column("id", Integer, primary_key=True),
    _of_concern(),
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
    _of_concern(nullable=True),
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
    _of_concern(nullable=True),
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
    _of_concern(primary_key=True),
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
    _of_concern(),
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

notification = Table(
    "notification",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(100), nullable=False),
    party_number("recipient"),
    Column("channel", String(16), nullable=False),
    _of_concern(nullable=True),
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
    UniqueConstraint("subject", "kind", "recipient", "channel", name="notification_once"),
    Index("notification_due", "state", "urgent", "channel", "due_at"),
    Index("notification_by_concern", "concern"),
    Index("notification_by_recipient", "recipient", "settled_at"),
)
"""The outbox: what is owed to whom. `subject`: the fact it tells of ("event:12"), which owes it to a recipient on a
channel once; `about`: numbers it is rendered from when it is sent; `place`: where it now stands."""

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
