"""What a workspace has of Slack's agent features. What it lacks is remembered for an hour, so that no answer waits for
the same refusal twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import StrEnum

from slack_sdk.errors import SlackApiError

from bot.slack.client import said
from bot.slack.payloads import is_direct

_AGAIN = 3_600.0
"""Seconds after which what was lacking is tried again: an administrator may have given the app its scope meanwhile."""
_LACKING = frozenset(
    {
        "unknown_method", "method_not_supported_for_channel_type", "method_deprecated", "missing_scope",
        "not_allowed_token_type", "feature_not_enabled", "no_permission", "access_denied", "invalid_arguments",
        "missing_recipient_user_id", "missing_recipient_team_id", "not_supported", "not_implemented",
    }
)  # fmt: skip
_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "unsupported_block_type", "invalid_arguments"})


class Ability(StrEnum):
    """Something that not every workspace has."""

    PROMPTS = "prompts"
    STATUS = "status"
    STREAM = "stream"
    FEEDBACK = "feedback"


class Abilities:
    """One process's memory of what is lacking. `clock`: seconds, for measuring."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lacking: dict[tuple[Ability, bool], float] = {}
        self._lock = threading.Lock()

    def has(self, ability: Ability, channel: str = "D") -> bool:
        """Whether it is worth trying: in direct messages and in Slack channels apart, for Slack tells them apart."""
        with self._lock:
            return self._clock() >= self._lacking.get((ability, is_direct(channel)), float("-inf"))

    def lack(self, ability: Ability, channel: str = "D") -> None:
        """Remembers that the workspace does not have it."""
        with self._lock:
            self._lacking[ability, is_direct(channel)] = self._clock() + _AGAIN

    def learn(self, ability: Ability, channel: str, error: SlackApiError) -> None:
        """Remembers that it is lacking where an error says so; a busy Slack says nothing of the kind."""
        if said(error) in _LACKING or getattr(error.response, "status_code", 0) == 404:
            self.lack(ability, channel)


def refuses_blocks(error: SlackApiError) -> bool:
    """Whether Slack did not take the blocks of a message."""
    return said(error) in _REFUSED
