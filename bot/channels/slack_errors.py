"""What Slack's errors mean for a letter: again, never, or ours to mend."""

from __future__ import annotations

import re
from datetime import timedelta

from slack_sdk.errors import SlackApiError

from bot.channels import Again, Never
from bot.slack.retries import wait_asked

_NOBODY = frozenset(
    {"user_not_found", "users_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot", "channel_not_found"}
)
_OURS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
     "no_permission", "not_allowed_token_type", "org_login_required", "ekm_access_denied", "access_denied",
     "accesslimited", "team_access_not_granted", "two_factor_setup_required", "messages_tab_disabled",
     "restricted_action"}
)  # fmt: skip
"""Errors under which nothing leaves until somebody mends the app or the workspace."""
_BUSY = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
CLOSED = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "thread_not_found", "cannot_reply_to_message"}
)
"""Errors of a place in which one can no longer write."""
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""Errors of a message that cannot be brought up to date any more."""
UNKNOWN = "unknown"
"""What stands for a word that Slack would not say: somebody else answers in its place, a proxy perhaps."""


def shut(error: SlackApiError) -> Never | None:
    """What became of a letter to a Slack channel in which the desk cannot write; None for any other error. That others
    restrict one channel is nothing that all letters must wait for."""
    code = code_of(error)
    if code in CLOSED or code.startswith("restricted_action"):
        return Never(f"no way into the Slack channel: {code}"[:100], unreachable=True)
    return None


def meaning(error: SlackApiError) -> Again | Never:
    """What became of a letter at which Slack says this."""
    status, code = getattr(error.response, "status_code", 0), code_of(error)
    if status == 429:
        wait = timedelta(seconds=wait_asked(error.response.headers, 0))
        return Again("Slack asks to wait", after=wait, whole_channel=True)
    if status >= 500 or code in _BUSY:
        return Again("Slack fails")
    if code == UNKNOWN:
        return Again("Slack's answer cannot be read")
    if code in _OURS:
        return Again(f"Slack refuses us: {code}", whole_channel=True)
    if code in _NOBODY:
        return Never(f"no Slack user: {code}", unreachable=True)
    return Never(f"Slack refuses it: {code}", unreachable=False)


def code_of(error: SlackApiError) -> str:
    """Slack's word for what is wrong; UNKNOWN where the body holds none."""
    body = getattr(error.response, "data", None)
    code = str(body.get("error", "")) if isinstance(body, dict) else ""
    return code if re.fullmatch(r"[a-z0-9_]{1,60}", code) else UNKNOWN
