"""What was asked, what people say of the answers, what the desk has learnt, working lists, Slack channels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _party(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer, sa.ForeignKey("party.id"), nullable=nullable, primary_key=primary_key)


def upgrade() -> None:
    _asked()
    _learnt()
    op.create_table(
        "checklist",
        sa.Column("id", sa.Integer, primary_key=True),
        _party("owner"),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("anchor", sa.String(400), nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.Column("ticked", sa.JSON, nullable=False),
        _moment("made_at"),
        _moment("changed_at"),
        sqlite_autoincrement=True,
    )
    op.create_index("checklist_by_owner", "checklist", ["owner", "changed_at"])
    op.create_table(
        "slack_channel",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("mode", sa.String(16), nullable=False),
        _party("changed_by", nullable=True),
        _moment("changed_at"),
    )


def _asked() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("message", sa.String(200), nullable=False, unique=True),
        _party("asker", nullable=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("surface", sa.String(16), nullable=False),
        sa.Column("readable", sa.JSON, nullable=False),
        sa.Column("passages", sa.JSON, nullable=False),
        sa.Column("entry", sa.String(200), nullable=False),
        _moment("asked_at"),
        _moment("cleared_at", nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("question_by_outcome", "question", ["outcome", "asked_at"])
    op.create_index("question_by_time", "question", ["asked_at"])
    op.create_table(
        "rating",
        sa.Column("question", sa.Integer, sa.ForeignKey("question.id"), primary_key=True),
        _party("party", primary_key=True),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        _moment("at"),
    )
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("question", sa.Integer, sa.ForeignKey("question.id"), nullable=False),
        _party("asker", nullable=True),
        sa.Column("origin", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        _moment("made_at"),
        sa.Column("due_on", sa.Date, nullable=False),
        _party("claimed_by", nullable=True),
        _moment("claimed_at", nullable=True),
        _party("settled_by", nullable=True),
        _moment("settled_at", nullable=True),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("locator", sa.String(400), nullable=False),
        sa.Column("access", sa.String(16), nullable=False),
        sa.Column("entry", sa.String(200), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("enquiry_by_state", "enquiry", ["state", "due_on"])
    op.create_index("enquiry_once", "enquiry", ["question", "asker"], unique=True)


def _learnt() -> None:
    op.create_table(
        "own_entry",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("locator", sa.String(400), nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("asks", sa.JSON, nullable=False),
        sa.Column("access", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        _party("made_by", nullable=True),
        _moment("made_at"),
        sa.Column("review_on", sa.Date, nullable=True),
    )
    op.create_index("own_entry_by_review", "own_entry", ["state", "review_on"])
    op.create_table(
        "own_saying",
        sa.Column("say", sa.String(120), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("means", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        _moment("made_at"),
    )
