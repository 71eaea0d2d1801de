"""The timeline of commissioning intentions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _intention(*, primary_key: bool = False) -> sa.Column:
    return sa.Column("intention", sa.Integer, sa.ForeignKey("intention.id"), nullable=False, primary_key=primary_key)


def upgrade() -> None:
    op.create_table(
        "intention",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reference", sa.String(200), nullable=False, unique=True),
        sa.Column("buyer", sa.String(400), nullable=False),
        sa.Column("buyer_id", sa.String(100), nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("about", sa.JSON, nullable=False),
        sa.Column("own_terms", sa.JSON, nullable=False),
        sa.Column("held", sa.String(400), nullable=False),
        sa.Column("shown", sa.JSON),
        sa.Column("shown_version", sa.Integer),
        _moment("shown_at", nullable=True),
        sa.Column("joined_to", sa.Integer, sa.ForeignKey("intention.id")),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("route", sa.String(16), nullable=False),
        sa.Column("directorate", sa.String(300), nullable=False),
        sa.Column("low", sa.BigInteger),
        sa.Column("high", sa.BigInteger),
        sa.Column("first_day", sa.Date),
        sa.Column("last_day", sa.Date),
        sa.Column("closes", sa.Date),
        sa.Column("districts", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
    )
    op.create_index("intention_shown", "intention", ["own", "shown_at"])
    op.create_table(
        "intention_kind",
        _intention(primary_key=True),
        sa.Column("kind", sa.String(64), primary_key=True),
        sa.Column("share", sa.Float, nullable=False),
    )
    op.create_index("intention_kind_by_kind", "intention_kind", ["kind"])
    op.create_table(
        "intention_time",
        _intention(primary_key=True),
        sa.Column("what", sa.String(16), primary_key=True),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
    )
    op.create_index("intention_time_by_day", "intention_time", ["first", "last"])
    op.create_table(
        "intention_version",
        _intention(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        _moment("at"),
        _moment("said_at"),
        _moment("released_at", nullable=True),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Integer, sa.ForeignKey("party.id")),
    )
    op.create_index("intention_version_released", "intention_version", ["released_at"])
    op.create_table(
        "notice",
        sa.Column("source", sa.String(32), primary_key=True),
        sa.Column("number", sa.String(200), primary_key=True),
        sa.Column("intention", sa.Integer, sa.ForeignKey("intention.id"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        _moment("at"),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("about", sa.JSON, nullable=False),
    )
    op.create_index("notice_by_intention", "notice", ["intention"])
    op.create_table(
        "notice_key",
        sa.Column("key", sa.String(500), primary_key=True),
        _intention(primary_key=True),
    )
    op.create_index("notice_key_by_intention", "notice_key", ["intention"])
