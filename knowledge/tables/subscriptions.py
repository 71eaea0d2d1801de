"""The tables of subscriptions: who wants to hear of what, how, and why each was told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from knowledge.tables.base import metadata, moment, party_number


def _of_subscription(*, primary_key: bool = False) -> Column[Any]:
    return Column("subscription", Integer, ForeignKey("subscription.id"), nullable=False, primary_key=primary_key)


subscription = Table(
    "subscription",
    metadata,
    Column("id", Integer, primary_key=True),
    party_number("recipient"),
    party_number("owner"),
    Column("channel", String(16), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("criteria", JSON, nullable=False),
    Column("every", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    moment("since"),
    moment("made_at"),
    moment("confirmed_at", nullable=True),
    moment("paused_at", nullable=True),
    moment("ended_at", nullable=True),
    Column("ended_why", String(32), nullable=False),
    Column("wording", String(16), nullable=False),
    Index("subscription_by_recipient", "recipient", "state"),
    Index("subscription_by_owner", "owner", "state"),
    Index("subscription_by_state", "state", "made_at"),
    sqlite_autoincrement=True,  # what nobody agrees to is removed, and its number stands in letters and links
)
"""Who wants to hear of what. `recipient`: who is told (a confirmed address, a Slack id, a Slack channel's, an
endpoint's); `owner`: who may change it; `every`: how often ("at once", "daily", "weekly", "mon,thu"); `since`: from
when on it counts: when it was confirmed, or taken up again; `wording`: the version of the words that were agreed to."""

subscription_filed = Table(
    "subscription_filed",
    metadata,
    Column("under", String(120), primary_key=True),
    _of_subscription(primary_key=True),
    Index("subscription_filed_by_subscription", "subscription"),
)
"""Where active subscriptions are looked up from an intention: each under all values of one of its criteria."""

subscription_match = Table(
    "subscription_match",
    metadata,
    Column("intention", Integer, ForeignKey("intention.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    _of_subscription(primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("why", JSON, nullable=False),
    moment("at"),
    Index("match_by_subscription", "subscription", "intention"),
)
"""Why a subscription was touched by a version, only ever added to; what somebody wrote is forgotten in it. `kind`:
new, changed, closing; `why`: field by field, what was wanted and what was found."""

confirmation = Table(
    "confirmation",
    metadata,
    Column("id", String(64), primary_key=True),
    _of_subscription(),
    party_number("party"),
    Column("asked_from", String(64), nullable=False),
    moment("made_at"),
    moment("expires_at"),
    moment("used_at", nullable=True),
    Index("confirmation_by_party", "party", "made_at"),
    Index("confirmation_by_origin", "asked_from", "made_at"),
    Index("confirmation_by_subscription", "subscription"),
)
"""A link that confirms an address, once. `id`: the hash of what the link holds; `asked_from`: a keyed hash of the
network address it was asked from, "" where there is none."""

suppression = Table(
    "suppression",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("reason", String(32), nullable=False),
    moment("at"),
)
"""Addresses that are not written to, by keyed hash, so that forgetting an address does not forget this."""

endpoint = Table(
    "endpoint",
    metadata,
    Column("id", Integer, primary_key=True),
    party_number("party"),
    party_number("owner"),
    Column("url", String(2048), nullable=False),
    Column("secret", String(128), nullable=False),
    Column("old_secret", String(128), nullable=False),
    moment("old_until", nullable=True),
    Column("state", String(16), nullable=False),
    Column("problem", String(200), nullable=False),
    moment("made_at"),
    moment("tested_at", nullable=True),
    moment("failing_since", nullable=True),
    Index("endpoint_by_party", "party"),
)
"""Where webhooks go. `party`: itself, as a recipient ("endpoint:7"); `state`: untested, live, ended."""

posting = Table(
    "posting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    party_number("posted_by"),
    Column("provider", String(300), nullable=False),
    Column("contract", String(200), nullable=False),
    Column("said", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    moment("made_at"),
    party_number("decided_by", nullable=True),
    moment("decided_at", nullable=True),
    Column("intention", Integer, ForeignKey("intention.id")),
    Index("posting_by_state", "state", "made_at"),
    sqlite_autoincrement=True,  # a link to change a posting holds its number, and outlives it
)
"""What a provider offers others: sub-contracts, a partner wanted. `said`: its terms, and of a change why; `state`:
waiting, published, refused, withdrawn; `intention`: what it has become, or is to change."""

timed = Table(
    "timed",
    metadata,
    Column("name", String(64), primary_key=True),
    moment("next_at"),
)
"""Timed work that is done once in the whole cluster, and when next."""
