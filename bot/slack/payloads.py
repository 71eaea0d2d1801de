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
    """Whether the sender belongs to another workspace than the one the desk is installed in, as this delivery says."""
    return team_of(body) != home_of(body)


def team_of(body: Payload) -> str:
    """The sender's workspace. Slack names it in several places, and not always in all: where they differ, one that is
    not the desk's own counts."""
    event, user, home = body.get("event") or {}, body.get("user"), home_of(body)
    named = [event.get(name) for name in ("user_team", "source_team", "team")]
    named.append(user.get("team_id") if isinstance(user, dict) else None)
    theirs = [str(one) for one in named if one] or [_sent_in(body)]
    return next((one for one in theirs if one != home), home)


def _sent_in(body: Payload) -> str:
    return str(body.get("team_id") or (body.get("team") or {}).get("id") or "")


def home_of(body: Payload) -> str:
    """The workspace the desk is installed in, as this delivery names it."""
    authorizations = body.get("authorizations") or [{}]
    return str(authorizations[0].get("team_id") or _sent_in(body))
