"""What is written down of what Slack sends, and where an answer to it goes."""

from __future__ import annotations

from typing import Any

from knowledge.parties import is_slack_channel

Payload = dict[str, Any]


def payload(*, user: str, channel: str, text: str, body: Payload, public: bool, thread: str, **more: Any) -> Payload:
    """What is written down. A user of another workspace is marked a stranger."""
    return {
        "user": user, "channel": channel, "text": text, "public": public, "thread": thread,
        "stranger": is_stranger(body), "home": home_of(body), "team": team_of(body), **more,
    }  # fmt: skip


def conversation(channel: str, root: str, user: str) -> str:
    """The conversation a message belongs to: a thread, somebody's direct messages wherever they began, or somebody in a
    channel."""
    if root:
        return f"slack:{channel}:{root}"
    return f"slack:{user}" if is_direct(channel) else f"slack:{channel}:{user}"


def is_direct(channel: str) -> bool:
    """Whether nobody but one person and the desk reads along. A user's id stands for their direct messages."""
    return channel.startswith(("D", "U", "W"))


def said_in(channel: str) -> str:
    """The Slack channel in which something was said, "" for direct messages."""
    return channel if is_slack_channel(channel) else ""


def is_stranger(body: Payload) -> bool:
    """Whether the sender belongs to another workspace than the one the desk is installed in."""
    return team_of(body) != home_of(body)


def team_of(body: Payload) -> str:
    """The sender's workspace."""
    event = body.get("event") or {}
    sent_in = body.get("team_id") or (body.get("team") or {}).get("id") or ""
    theirs = event.get("user_team") or event.get("source_team") or (body.get("user") or {}).get("team_id") or sent_in
    return str(theirs)


def home_of(body: Payload) -> str:
    """The workspace the desk is installed in, as this delivery names it."""
    authorizations = body.get("authorizations") or [{}]
    return str(authorizations[0].get("team_id") or body.get("team_id") or (body.get("team") or {}).get("id") or "")
