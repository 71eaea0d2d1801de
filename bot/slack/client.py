"""Slack's Web API: one client that waits where it is asked to, one that does not, and what Slack's errors mean."""

from __future__ import annotations

import re
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.slack.retries import RETRIES

PATIENCE = 10
"""Seconds one call to Slack may take: three tries and the waits between them stay within an event's lease."""
_HASTE = 3
"""Seconds a modal may take to open: Slack takes it no later."""
FOR_EVER_WRONG = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "user_not_found", "msg_too_long", "restricted_action"}
)
_PASSING = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class Garbled(SlackClientError):
    """What came back is no answer of Slack's, or half of one."""


class _Client(WebClient):
    """slack_sdk lets through whatever its reading of an answer stumbles over: that is Slack's trouble, not ours."""

    def api_call(self, *args: Any, **given: Any) -> SlackResponse:
        """One call. Raises SlackClientError or OSError, whatever is said in Slack's place."""
        try:
            return super().api_call(*args, **given)
        except (HTTPException, ValueError, AttributeError) as error:
            raise Garbled(type(error).__name__) from None


def slack_client(token: str | None, api_url: str) -> WebClient:
    """A client of Slack's Web API that waits where Slack asks it to."""
    client = _Client(token=token, base_url=api_url, timeout=PATIENCE, retry_handlers=list(RETRIES))
    if urlsplit(api_url).hostname in ("127.0.0.1", "localhost"):
        client.proxy = None  # slack_sdk would send even local calls through a proxy of the environment
    return client


def hasty_client(token: str | None, api_url: str) -> WebClient:
    """A client for what somebody is waiting for: it tries once, and not for long."""
    client = slack_client(token, api_url)
    client.retry_handlers, client.timeout = [], _HASTE
    return client


def said(error: SlackApiError) -> str:
    """What Slack says is wrong; "" where the body is not one of Slack's."""
    body = getattr(error.response, "data", None)
    return str(body.get("error", "")) if isinstance(body, dict) else ""


def passing(error: SlackApiError) -> bool:
    """Whether the same call may do later: Slack is busy, or what answers is not Slack."""
    code = said(error)
    slacks_own = re.fullmatch(r"[a-z0-9_]+", code) is not None
    return not slacks_own or code in _PASSING or int(getattr(error.response, "status_code", 0)) >= 429
