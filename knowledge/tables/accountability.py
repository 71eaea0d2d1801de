"""The tables by which the desk can be held to account: who did what, reviews of contracts, patterns in concerns, and
what imports put in the place of what."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Index, Integer, LargeBinary, String, Table, Text, text

from knowledge.tables.base import metadata, moment, party_number

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    moment("at"),
    Column("deed", String(24), nullable=False),
    party_number("by", nullable=True),
    Column("kind", String(24), nullable=False),
    Column("about", String(200), nullable=False),
    Column("counts", JSON, nullable=False),
    Index("audit_by_about", "kind", "about", "id"),
    Index("audit_by_party", "by", "id"),
    Index("audit_by_time", "at"),
    sqlite_autoincrement=True,
)
"""Who did what, when: only ever added to (the database refuses anything else), and holding numbers and keys only, so
that erasing somebody needs no change to it. `deed`: what Deed in knowledge/audit.py lists;
`by`: None for the command line and for the desk itself; `kind`, `about`: what it was done to ("concern", "12");
`counts`: how much it was, by name."""

contract_review = Table(
    "contract_review",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract", String(200), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("changes", Text, nullable=False),
    Column("next_on", Date, nullable=True),
    party_number("recorded_by", nullable=True),
    moment("recorded_at"),
    moment("undone_at", nullable=True),
    Index("contract_review_by_contract", "contract", "due_on"),
    Index(
        "contract_review_once", "contract", "due_on", unique=True,
        sqlite_where=text("undone_at IS NULL"), postgresql_where=text("undone_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)  # fmt: skip
"""What a scheduled review of a contract found. `contract`: a key of the register; `due_on`: the day it was due;
`outcome`: met, partly, not_met; `changes`: what changes, in the manager's words; `next_on`: the day of the
next. A review that is not undone is recorded once for the day it was due."""

pattern = Table(
    "pattern",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract", String(200), nullable=False),
    moment("found_at"),
    Column("concerns", JSON, nullable=False),
    Column("common", JSON, nullable=False),
    Index("pattern_by_contract", "contract", "found_at"),
    sqlite_autoincrement=True,
)
"""Several concerns on one contract within a few weeks, which its manager and director are told of once. `concerns`:
their numbers; `common`: what they have in common (service, districts, weeks), never what anybody wrote."""

taking = Table(
    "taking",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("list", String(16), nullable=False),
    Column("source", String(255), nullable=False),
    party_number("made_by", nullable=True),
    moment("made_at"),
    Column("counts", JSON, nullable=False),
    Column("before", LargeBinary, nullable=True),
    moment("undone_at", nullable=True),
    Index("taking_by_list", "list", "id"),
    sqlite_autoincrement=True,
)
"""A file taken in. `list`: register, places, people, timeline, document; `counts`: rows by what became of them;
`before`: what was there before, to undo it by, None once it can be undone no more."""
