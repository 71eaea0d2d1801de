"""The tables of the timeline."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from knowledge.tables.base import metadata, moment, party_number


def _of_intention(*, primary_key: bool = False) -> Column[Any]:
    return Column("intention", Integer, ForeignKey("intention.id"), nullable=False, primary_key=primary_key)


intention = Table(
    "intention",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reference", String(200), nullable=False, unique=True),
    Column("buyer", String(400), nullable=False),
    Column("buyer_id", String(100), nullable=False),
    Column("own", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("about", JSON, nullable=False),
    Column("own_terms", JSON, nullable=False),
    Column("held", String(400), nullable=False),
    Column("shown", JSON),
    Column("shown_version", Integer),
    moment("shown_at", nullable=True),
    Column("joined_to", Integer, ForeignKey("intention.id")),
    Column("title", Text, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("route", String(16), nullable=False),
    Column("directorate", String(300), nullable=False),
    Column("low", BigInteger),
    Column("high", BigInteger),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("closes", Date),
    Column("districts", Text, nullable=False),
    Column("words", Text, nullable=False),
    Index("intention_shown", "own", "shown_at"),
    Index("intention_by_joined", "joined_to"),
)
"""An intention. `about`: the newest version's terms; `own_terms`: what the council itself said, field by field, and
when; `held`: why the newest version is not public yet; `joined_to`: the intention it has turned out to be. `shown`: the
terms of the newest public version, from which the columns after it are made: whole pounds; the days of the first and
last thing to come; "|Brenmouth|High Marl|", "" for everywhere; " stems of its words "."""

intention_kind = Table(
    "intention_kind",
    metadata,
    _of_intention(primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("share", Float, nullable=False),
    Index("intention_kind_by_kind", "kind"),
)
"""The kinds of service, by key of the catalogue, an intention is of; 1 for the best."""

intention_time = Table(
    "intention_time",
    metadata,
    _of_intention(primary_key=True),
    Column("what", String(16), primary_key=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Index("intention_time_by_day", "first", "last"),
)
"""When what is to happen: engagement, tender, closes, award, start, as everybody may read it."""

intention_version = Table(
    "intention_version",
    metadata,
    _of_intention(primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    moment("at"),
    moment("said_at"),
    moment("released_at", nullable=True),
    Column("changes", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    party_number("by", nullable=True),
    Index("intention_version_released", "released_at"),
)
"""What happened to an intention, only ever added to: each change with its reason."""

notice = Table(
    "notice",
    metadata,
    Column("source", String(32), primary_key=True),
    Column("number", String(200), primary_key=True),
    Column("intention", Integer, ForeignKey("intention.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    moment("at"),
    Column("checksum", String(64), nullable=False),
    Column("about", JSON, nullable=False),
    Index("notice_by_intention", "intention"),
)
"""What one notice says. Rows of the desk's own template are kept here too, under their reference, to tell what has
changed since the template was last read; they are no notices."""

notice_key = Table(
    "notice_key",
    metadata,
    Column("key", String(500), primary_key=True),
    Column("intention", Integer, ForeignKey("intention.id"), primary_key=True),
    Index("notice_key_by_intention", "intention"),
)
"""What tells a procurement from others, the same in all its notices."""
