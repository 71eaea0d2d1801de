"""The tables of the contract register and of the county's places."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, DateTime, Index, Integer, String, Table, Text

from knowledge.tables.base import metadata

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
