"""Text in blocks: escaped where Slack parses it, and cut where Slack would refuse it."""

from __future__ import annotations

import re
from typing import Any

from knowledge.models import LEFT_OUT
from knowledge.parties import is_slack_channel

Block = dict[str, Any]

SECTION = 2_900
"""Characters of a section, a little under Slack's 3,000."""


def escaped(text: str) -> str:
    """Text in which Slack finds no mention, link or entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def with_channel(text: str, channel: str) -> str:
    """Text of ours in which a Slack channel's id, "" for none, is drawn by Slack as the channel it is."""
    return re.sub(rf"\b{channel}\b", f"<#{channel}>", text) if is_slack_channel(channel) else text


def bounded(text: str, longest: int = SECTION) -> str:
    """Text that Slack parses, cut so that no half of an entity or of a link is left at its end."""
    return text if len(text) <= longest else re.sub(r"(&\w*|<[^>]*)$", "", text[:longest])


def cut(text: str, longest: int) -> str:
    """Text that Slack takes as it is, cut at a word, with a mark that something is left out."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 2].rsplit(" ", 1)[0] if " " in text[: longest - 2] else text[: longest - 2]
    return kept.rstrip(" …") + LEFT_OUT.rstrip()


def plain(text: str, longest: int) -> Block:
    """Plain text as an object of Slack's, for titles, labels and buttons."""
    return {"type": "plain_text", "text": cut(text, longest)}


def section(text: str) -> Block:
    """A paragraph of what Slack parses."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": bounded(text)}}


def context(text: str) -> Block:
    """Small print of what Slack parses."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": bounded(text)}]}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}
