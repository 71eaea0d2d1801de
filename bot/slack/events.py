"""What Slack sends, and what of it the desk needs: an event's id, who asks what, where the reply goes."""

from __future__ import annotations

import re
from typing import Any

from bot.blocks import CHOOSE

Payload = dict[str, Any]


def event_of(body: Payload) -> tuple[str, Payload] | None:
    """The id of what Slack sent and what is needed to answer it; None for what the desk does not answer."""
    if "event" in body:
        return _message_event(body)
    if "command" in body:
        asked = _without_mention(body.get("text") or "") or "help"
        return f"slack:{body.get('trigger_id')}", _payload(
            user=body["user_id"], channel=body["channel_id"], text=asked, body=body, public=False,
            thread=f"slack:{body['channel_id']}:{body['user_id']}", only_to_asker=True,
        )  # fmt: skip
    actions = body.get("actions") or [{}]
    if body.get("type") == "block_actions" and str(actions[0].get("action_id", "")).startswith(f"{CHOOSE}:"):
        return _choice(body, actions[0])
    return None


def _message_event(body: Payload) -> tuple[str, Payload] | None:
    event = body["event"]
    us = {one.get("user_id") for one in body.get("authorizations") or () if one.get("is_bot")}
    if (
        event.get("bot_id")
        or event.get("user") in us
        or event.get("subtype") not in (None, "file_share")
        or not event.get("user")
    ):
        return None
    direct = event.get("type") == "message" and event.get("channel_type") == "im"
    if not direct and event.get("type") != "app_mention":
        return None
    root = event.get("thread_ts") or ("" if direct else event["ts"])
    thread = f"slack:{event['channel']}" + (f":{root}" if root else "")
    return f"slack:{body.get('event_id') or event['ts']}", _payload(
        user=event["user"], channel=event["channel"], text=_without_mention(event.get("text") or ""), body=body,
        public=not direct, thread=thread, reply_in=root,
    )  # fmt: skip


def _choice(body: Payload, action: Payload) -> tuple[str, Payload]:
    channel = (body.get("channel") or {}).get("id", "")
    container = body.get("container") or {}
    root = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or ""
    direct = channel.startswith("D")
    alone = bool(container.get("is_ephemeral"))
    thread = f"slack:{channel}" + (f":{root}" if root else "" if direct else f":{body['user']['id']}")
    return f"slack:{body.get('trigger_id')}", _payload(
        user=body["user"]["id"], channel=channel, text=action.get("value") or "", body=body,
        public=not (direct or alone), thread=thread, reply_in=root, only_to_asker=alone,
    )  # fmt: skip


def _payload(*, user: str, channel: str, text: str, body: Payload, public: bool, thread: str, **more: Any) -> Payload:
    """What is written down of an event. A user of another workspace is marked a stranger."""
    return {
        "user": user, "channel": channel, "text": text, "public": public, "thread": thread,
        "stranger": is_stranger(body), "home": home_of(body), **more,
    }  # fmt: skip


def is_stranger(body: Payload) -> bool:
    """Whether the sender belongs to another workspace than the one the desk is installed in."""
    event = body.get("event") or {}
    sent_in = body.get("team_id") or (body.get("team") or {}).get("id") or ""
    theirs = event.get("user_team") or event.get("source_team") or (body.get("user") or {}).get("team_id") or sent_in
    return bool(theirs != home_of(body))


def home_of(body: Payload) -> str:
    """The workspace the desk is installed in, as this delivery names it."""
    authorizations = body.get("authorizations") or [{}]
    return str(authorizations[0].get("team_id") or body.get("team_id") or (body.get("team") or {}).get("id") or "")


def _without_mention(text: str) -> str:
    """What was said, less every mention of people and groups, and with Slack's escapes undone."""
    bare = re.sub(r"[\s,:]*<[@!][^>]*>[\s,:]*", " ", text)
    bare = re.sub(r"<#\w+\|([^>]*)>", r"\1", bare)
    bare = re.sub(r"<(?:https?://|mailto:)[^|>]*\|([^>]*)>", r"\1", bare)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
