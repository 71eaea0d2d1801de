"""Subscriptions: who wants to hear of what, and why each was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("notification", sa.Column("round_up", sa.String(32), nullable=False, server_default=""))
    op.add_column("notification", sa.Column("receipt", sa.String(32), nullable=False, server_default=""))
    op.add_column("notification", _moment("receipt_at", nullable=True))
    op.create_index("notification_by_round_up", "notification", ["round_up"])
    op.create_index("intention_by_joined", "intention", ["joined_to"])
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recipient", sa.Integer, sa.ForeignKey("party.id"), nullable=False),
        sa.Column("owner", sa.Integer, sa.ForeignKey("party.id"), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("criteria", sa.JSON, nullable=False),
        sa.Column("every", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        _moment("since"),
        _moment("made_at"),
        _moment("confirmed_at", nullable=True),
        _moment("paused_at", nullable=True),
        _moment("ended_at", nullable=True),
        sa.Column("ended_why", sa.String(32), nullable=False),
        sa.Column("wording", sa.String(16), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("subscription_by_owner", "subscription", ["owner", "state"])
    op.create_index("subscription_by_recipient", "subscription", ["recipient", "state"])
    op.create_index("subscription_by_state", "subscription", ["state", "made_at"])
    op.create_table(
        "subscription_filed",
        sa.Column("under", sa.String(120), primary_key=True),
        sa.Column("subscription", sa.Integer, sa.ForeignKey("subscription.id"), primary_key=True),
    )
    op.create_index("subscription_filed_by_subscription", "subscription_filed", ["subscription"])
    op.create_table(
        "subscription_match",
        sa.Column("intention", sa.Integer, sa.ForeignKey("intention.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("subscription", sa.Integer, sa.ForeignKey("subscription.id"), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("why", sa.JSON, nullable=False),
        _moment("at"),
    )
    op.create_index("match_by_subscription", "subscription_match", ["subscription", "intention"])
    op.create_table(
        "confirmation",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("subscription", sa.Integer, sa.ForeignKey("subscription.id"), nullable=False),
        sa.Column("party", sa.Integer, sa.ForeignKey("party.id"), nullable=False),
        sa.Column("asked_from", sa.String(64), nullable=False),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
    )
    op.create_index("confirmation_by_origin", "confirmation", ["asked_from", "made_at"])
    op.create_index("confirmation_by_party", "confirmation", ["party", "made_at"])
    op.create_index("confirmation_by_subscription", "confirmation", ["subscription"])
    op.create_table(
        "suppression",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("reason", sa.String(32), nullable=False),
        _moment("at"),
    )
    op.create_table(
        "endpoint",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("party", sa.Integer, sa.ForeignKey("party.id"), nullable=False),
        sa.Column("owner", sa.Integer, sa.ForeignKey("party.id"), nullable=False),
        sa.Column("url", sa.String(2048), nullable=False),
        sa.Column("secret", sa.String(128), nullable=False),
        sa.Column("old_secret", sa.String(128), nullable=False),
        _moment("old_until", nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("problem", sa.String(200), nullable=False),
        _moment("made_at"),
        _moment("tested_at", nullable=True),
        _moment("failing_since", nullable=True),
    )
    op.create_index("endpoint_by_party", "endpoint", ["party"])
    op.create_table(
        "posting",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("posted_by", sa.Integer, sa.ForeignKey("party.id"), nullable=False),
        sa.Column("provider", sa.String(300), nullable=False),
        sa.Column("contract", sa.String(200), nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        _moment("made_at"),
        sa.Column("decided_by", sa.Integer, sa.ForeignKey("party.id")),
        _moment("decided_at", nullable=True),
        sa.Column("intention", sa.Integer, sa.ForeignKey("intention.id")),
        sqlite_autoincrement=True,
    )
    op.create_index("posting_by_state", "posting", ["state", "made_at"])
    op.create_table(
        "timed",
        sa.Column("name", sa.String(64), primary_key=True),
        _moment("next_at"),
    )
