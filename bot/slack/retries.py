"""When a call to Slack is tried again. slack_sdk's own handlers miss 502 and 504, and break on "Retry-After: 1.5"."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler

from bot.retry_after import asked_to_wait

LONGEST = timedelta(hours=1)
"""What is waited at the most, whatever is asked for."""
_LONGEST_WAIT = 8.0
"""Seconds to wait inside a call; a longer wait is the event's to make, in its own time."""


def wait_asked(headers: Mapping[str, str | list[str]] | None, attempt: int) -> float:
    """Seconds Slack asks to wait, whole or not, an hour at the most; where it does not say, or nothing that can be
    understood, a little longer each time."""
    named = {name.lower(): values for name, values in _lists(headers).items()}
    said = next(iter(named.get("retry-after") or ()), "")
    asked = asked_to_wait(said, datetime.now(UTC), LONGEST)
    return float(2**attempt) if asked is None else asked.total_seconds()


class BusyRetryHandler(RetryHandler):
    """429 and 5xx: waits as asked and tries again, at most twice, and never for long."""

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or not (response.status_code == 429 or response.status_code >= 500):
            return False
        return wait_asked(response.headers, state.current_attempt) <= _LONGEST_WAIT

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Waits; the little randomness keeps many processes from coming back at once."""
        import time

        seconds = wait_asked(response.headers, state.current_attempt) if response else 1.0
        time.sleep(seconds + random.random() * 0.25)  # noqa: S311 - not for secrecy
        state.next_attempt_requested = True
        state.increment_current_attempt()


def _lists(headers: Mapping[str, str | list[str]] | None) -> dict[str, list[str]]:
    return {name: values if isinstance(values, list) else [str(values)] for name, values in (headers or {}).items()}


RETRIES: tuple[RetryHandler, ...] = (
    ConnectionErrorRetryHandler(max_retry_count=1),
    BusyRetryHandler(max_retry_count=2),
)
