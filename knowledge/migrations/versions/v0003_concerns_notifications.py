"""Concerns and what was said in them, providers' contacts, the outbox, sign-in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _party(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer, sa.ForeignKey("party.id"), nullable=nullable, primary_key=primary_key)


def _concern(*, nullable: bool = False, primary_key: bool = False) -> sa.Column:
    return sa.Column("concern", sa.Integer, sa.ForeignKey("concern.id"), nullable=nullable, primary_key=primary_key)


def upgrade() -> None:
    op.create_table(
        "party",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("address", sa.String(254), nullable=False, unique=True),
        sa.Column("unreachable", sa.String(64), nullable=False),
        _moment("unreachable_since", nullable=True),
    )
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("contract", sa.String(200), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("level", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("at_risk", sa.Boolean, nullable=False),
        _party("raised_by"),
        _party("entered_by", nullable=True),
        _party("holder", nullable=True),
        sa.Column("holder_role", sa.String(32), nullable=False),
        sa.Column("origin", sa.JSON, nullable=False),
        sa.Column("source", sa.String(200), nullable=False, unique=True),
        _moment("raised_at"),
        _moment("acknowledge_by"),
        _moment("answer_by"),
        _moment("acknowledged_at", nullable=True),
        _moment("answered_at", nullable=True),
        _moment("closed_at", nullable=True),
        _moment("waiting_since", nullable=True),
        _moment("next_check_at"),
    )
    op.create_index("concern_by_contract", "concern", ["contract", "state"])
    op.create_index("concern_by_member", "concern", ["raised_by"])
    op.create_index("concern_by_holder", "concern", ["holder"])
    op.create_index("concern_to_check", "concern", ["next_check_at"])
    op.create_table(
        "concern_event",
        sa.Column("id", sa.Integer, primary_key=True),
        _concern(),
        _moment("at"),
        sa.Column("move", sa.String(24), nullable=False),
        _party("by", nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("about", sa.JSON, nullable=False),
        sa.Column("source", sa.String(200), unique=True),
    )
    op.create_index("concern_event_by_concern", "concern_event", ["concern", "id"])
    op.create_table(
        "personal_text",
        sa.Column("id", sa.Integer, primary_key=True),
        _concern(nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        _party("written_by", nullable=True),
        _moment("written_at"),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("personal_text_by_concern", "personal_text", ["concern"])
    op.create_table(
        "draft",
        sa.Column("id", sa.String(32), primary_key=True),
        _party("person"),
        sa.Column("thread", sa.String(200), nullable=False),
        sa.Column("text", sa.Integer, sa.ForeignKey("personal_text.id"), nullable=False),
        sa.Column("about", sa.JSON, nullable=False),
        _moment("made_at"),
    )
    op.create_index("draft_by_person", "draft", ["person", "thread"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer, primary_key=True),
        _concern(nullable=True),
        sa.Column("draft", sa.String(32), sa.ForeignKey("draft.id")),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        _moment("added_at"),
    )
    op.create_index("attachment_by_concern", "attachment", ["concern"])
    op.create_index("attachment_by_draft", "attachment", ["draft"])
    op.create_table(
        "follower",
        _concern(primary_key=True),
        _party("party", primary_key=True),
        sa.Column("origin", sa.JSON, nullable=False),
        _moment("since"),
    )
    op.create_table(
        "provider_contact",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("provider", sa.String(300), nullable=False),
        sa.Column("contract", sa.String(200), nullable=False),
        _party("party"),
        sa.Column("name", sa.String(200), nullable=False),
        _party("given_by", nullable=True),
        _moment("given_at"),
        sa.UniqueConstraint("provider", "contract", "party", name="provider_contact_once"),
    )
    op.create_table(
        "provider_request",
        sa.Column("id", sa.Integer, primary_key=True),
        _concern(),
        sa.Column("contract", sa.String(200), nullable=False),
        _party("asked_by"),
        _party("asked_of"),
        _moment("asked_at"),
        _moment("answer_by"),
        sa.Column("promised", sa.Date),
        _moment("answered_at", nullable=True),
        sa.Column("question", sa.Integer, sa.ForeignKey("personal_text.id"), nullable=False),
        sa.Column("answer", sa.Integer, sa.ForeignKey("personal_text.id")),
        sa.Column("chased", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
    )
    op.create_index("provider_request_by_concern", "provider_request", ["concern"])
    op.create_index("provider_request_by_contract", "provider_request", ["contract"])
    op.create_table(
        "notification",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        _party("recipient"),
        sa.Column("channel", sa.String(16), nullable=False),
        _concern(nullable=True),
        sa.Column("about", sa.JSON, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("problem", sa.String(200), nullable=False),
        _moment("made_at"),
        _moment("due_at"),
        _moment("lease_until"),
        sa.Column("worker", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        _moment("settled_at", nullable=True),
        sa.Column("place", sa.JSON, nullable=False),
        sa.UniqueConstraint("subject", "kind", "recipient", "channel", name="notification_once"),
    )
    op.create_index("notification_due", "notification", ["state", "urgent", "channel", "due_at"])
    op.create_index("notification_by_concern", "notification", ["concern"])
    op.create_index("notification_by_recipient", "notification", ["recipient", "settled_at"])
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(100), primary_key=True),
        _moment("at"),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.String(64), primary_key=True),
        _party("party"),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
    )
    op.create_index("sign_in_link_by_party", "sign_in_link", ["party", "made_at"])
