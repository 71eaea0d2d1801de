"""The record's tables, a room a module. Changed only together with a migration."""

from __future__ import annotations

from knowledge.tables.accountability import audit, contract_review, pattern, taking
from knowledge.tables.base import metadata
from knowledge.tables.concerns import (
    attachment,
    concern,
    concern_event,
    draft,
    follower,
    party,
    personal_text,
    provider_contact,
    provider_request,
)
from knowledge.tables.documents import document, fact, incoming, passage, person, turn
from knowledge.tables.questions import (
    checklist,
    enquiry,
    own_entry,
    own_saying,
    question,
    rating,
    slack_channel,
)
from knowledge.tables.register import contract, place, unread_row
from knowledge.tables.sending import heartbeat, notification, sign_in_link
from knowledge.tables.subscriptions import (
    confirmation,
    endpoint,
    posting,
    subscription,
    subscription_filed,
    subscription_match,
    suppression,
    timed,
)
from knowledge.tables.timeline import intention, intention_kind, intention_time, intention_version, notice, notice_key

__all__ = [
    "attachment",
    "audit",
    "checklist",
    "concern",
    "concern_event",
    "confirmation",
    "contract",
    "contract_review",
    "document",
    "draft",
    "endpoint",
    "enquiry",
    "fact",
    "follower",
    "heartbeat",
    "incoming",
    "intention",
    "intention_kind",
    "intention_time",
    "intention_version",
    "metadata",
    "notice",
    "notice_key",
    "notification",
    "own_entry",
    "own_saying",
    "party",
    "passage",
    "pattern",
    "person",
    "personal_text",
    "place",
    "posting",
    "provider_contact",
    "provider_request",
    "question",
    "rating",
    "sign_in_link",
    "slack_channel",
    "subscription",
    "subscription_filed",
    "subscription_match",
    "suppression",
    "taking",
    "timed",
    "turn",
    "unread_row",
]
