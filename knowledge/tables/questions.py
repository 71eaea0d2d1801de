"""The tables of what was asked, of what people say of the answers, and of what the desk has learnt from them."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from knowledge.tables.base import metadata, moment, party_number

question = Table(
    "question",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message", String(200), nullable=False, unique=True),
    party_number("asker", nullable=True),
    Column("text", Text, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("surface", String(16), nullable=False),
    Column("readable", JSON, nullable=False),
    Column("passages", JSON, nullable=False),
    Column("entry", String(200), nullable=False),
    moment("asked_at"),
    moment("cleared_at", nullable=True),
    Index("question_by_outcome", "outcome", "asked_at"),
    Index("question_by_time", "asked_at"),
    sqlite_autoincrement=True,  # buttons under answers hold the number, and outlive the row's text
)
"""A question about the papers and what became of it. `message`: the id of what brought it; `asker`: None for somebody
the surface does not know; `text`: what looks personal masked, "" once it is cleared; `readable`: the access it was
answered with; `passages`: those cited, best first; `entry`: the digest entry that spoke for the first, "" for none."""

rating = Table(
    "rating",
    metadata,
    Column("question", Integer, ForeignKey("question.id"), primary_key=True),
    party_number("party", primary_key=True),
    Column("verdict", String(8), nullable=False),
    Column("reason", String(32), nullable=False),
    moment("at"),
)
"""What somebody says of an answer, their last word. `verdict`: good, bad; `reason`: wrong, out_of_date, not_asked,
too_long, "" for none given."""

enquiry = Table(
    "enquiry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("question", Integer, ForeignKey("question.id"), nullable=False),
    party_number("asker", nullable=True),
    Column("origin", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    moment("made_at"),
    Column("due_on", Date, nullable=False),
    party_number("claimed_by", nullable=True),
    moment("claimed_at", nullable=True),
    party_number("settled_by", nullable=True),
    moment("settled_at", nullable=True),
    Column("answer", Text, nullable=False),
    Column("document", String(200), nullable=False),
    Column("locator", String(400), nullable=False),
    Column("access", String(16), nullable=False),
    Column("entry", String(200), nullable=False),
    Index("enquiry_by_state", "state", "due_on"),
    Index("enquiry_once", "question", "asker", unique=True),
    sqlite_autoincrement=True,  # its number is its reference
)
"""A question that a person is asked to answer. `asker`: None once it is forgotten; `state`: waiting, claimed,
answered, dropped; `origin`: the thread the answer goes back to; `answer`: of one that is dropped, the reason;
`document`, `locator`: what the answer rests on, "" where it is the officer's own; `access`: who may read the answer,
"" before there is one; `entry`: the digest entry it became, "" for none."""

own_entry = Table(
    "own_entry",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("document", String(200), nullable=False),
    Column("locator", String(400), nullable=False),
    Column("digest", Text, nullable=False),
    Column("asks", JSON, nullable=False),
    Column("access", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    party_number("made_by", nullable=True),
    moment("made_at"),
    Column("review_on", Date, nullable=True),
    Index("own_entry_by_review", "state", "review_on"),
)
"""Digest entries that the council has added. `document`: "" where an officer's answer is all it rests on; `access`: who
may read it; `state`: live, retired; `made_by`: None where it came from a file."""

own_saying = Table(
    "own_saying",
    metadata,
    Column("say", String(120), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("means", JSON, nullable=False),
    Column("note", Text, nullable=False),
    moment("made_at"),
)
"""Vocabulary that the council has added: what people say, and what the papers say for it."""

checklist = Table(
    "checklist",
    metadata,
    Column("id", Integer, primary_key=True),
    party_number("owner"),
    Column("name", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("document", String(200), nullable=False),
    Column("anchor", String(400), nullable=False),
    Column("items", JSON, nullable=False),
    Column("ticked", JSON, nullable=False),
    moment("made_at"),
    moment("changed_at"),
    Index("checklist_by_owner", "owner", "changed_at"),
    sqlite_autoincrement=True,  # a message in Slack holds its number
)
"""Somebody's working list: the questions of a passage as they stood, and which are ticked (their places in it)."""

slack_channel = Table(
    "slack_channel",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("mode", String(16), nullable=False),
    party_number("changed_by", nullable=True),
    moment("changed_at"),
)
"""What the desk does in a Slack channel: documents (answers about papers only), all, off. A channel that is not here is
as the settings say; `changed_by`: None for the command line."""
