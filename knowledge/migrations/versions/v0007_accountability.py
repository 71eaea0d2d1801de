"""Who did what, reviews of contracts, patterns in concerns, files taken in; whose a conversation is, and the key of
what was erased."""

from __future__ import annotations

import hashlib
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _party(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer, sa.ForeignKey("party.id"), nullable=True)


def upgrade() -> None:
    _audit()
    _reviews()
    op.add_column("concern", sa.Column("district", sa.String(200), nullable=False, server_default=""))
    op.create_table(
        "taking",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("list", sa.String(16), nullable=False),
        sa.Column("source", sa.String(255), nullable=False),
        _party("made_by"),
        _moment("made_at"),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("before", sa.LargeBinary, nullable=True),
        _moment("undone_at", nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("taking_by_list", "taking", ["list", "id"])
    op.execute("ALTER TABLE turn ADD COLUMN asker INTEGER REFERENCES party (id)")
    op.create_index("turn_by_asker", "turn", ["asker"])
    key = sa.text("INSERT INTO fact (name, value) VALUES ('erasure_key', :key)")
    op.get_bind().execute(key, {"key": _erasure_key()})


def _erasure_key() -> str:
    """Made of the key that the record has already for addresses not to write to, where it has: a backup from before,
    brought to this version once more, has the same then, and what was erased since is known in it."""
    held = op.get_bind().execute(sa.text("SELECT value FROM fact WHERE name = 'suppression_key'")).scalar()
    return hashlib.sha256(f"erasures:{held}".encode()).hexdigest() if held else secrets.token_hex(32)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        _moment("at"),
        sa.Column("deed", sa.String(24), nullable=False),
        _party("by"),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_by_about", "audit", ["kind", "about", "id"])
    op.create_index("audit_by_party", "audit", ["by", "id"])
    op.create_index("audit_by_time", "audit", ["at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_stands() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'what is in the audit stays as it is'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_stands BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stands()"
        )
        op.execute(
            "CREATE TRIGGER audit_stands_whole BEFORE TRUNCATE ON audit"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_stands()"
        )
        return
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_stands_{deed.lower()} BEFORE {deed} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'what is in the audit stays as it is'); END"
        )
    op.execute(  # INSERT OR REPLACE deletes a row without asking the triggers of deletion
        "CREATE TRIGGER audit_stands_insert BEFORE INSERT ON audit"
        " WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)"
        " BEGIN SELECT RAISE(ABORT, 'what is in the audit stays as it is'); END"
    )


def _reviews() -> None:
    op.create_table(
        "contract_review",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("contract", sa.String(200), nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("next_on", sa.Date, nullable=True),
        _party("recorded_by"),
        _moment("recorded_at"),
        _moment("undone_at", nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("contract_review_by_contract", "contract_review", ["contract", "due_on"])
    stands = sa.text("undone_at IS NULL")
    op.create_index(
        "contract_review_once", "contract_review", ["contract", "due_on"], unique=True, sqlite_where=stands,
        postgresql_where=stands,
    )  # fmt: skip
    op.create_table(
        "pattern",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("contract", sa.String(200), nullable=False),
        _moment("found_at"),
        sa.Column("concerns", sa.JSON, nullable=False),
        sa.Column("common", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("pattern_by_contract", "pattern", ["contract", "found_at"])
