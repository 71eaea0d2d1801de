"""What Notify's refusals mean for a letter: again, never, or ours to mend. By status and type, for its words change."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from notifications_python_client.errors import APIError, InvalidResponse
from requests import RequestException

from bot.channels import Again, Never

logging.getLogger("notifications_python_client").setLevel(
    logging.CRITICAL
)  # it logs what Notify says, of addresses too

_AFTER_MIDNIGHT = timedelta(minutes=5)
_ADDRESS = "email_address "
"""What Notify puts before what is wrong with an address: the field's name."""


@contextmanager
def said_plainly(now: Callable[[], datetime]) -> Iterator[None]:
    """Turns what Notify's client raises into Again and Never, in words of ours: Notify's own quote addresses."""
    try:
        yield
    except APIError as error:
        raise meaning(error, now()) from None
    except (KeyError, TypeError):
        raise Again("Notify's answer cannot be read") from None
    except (RequestException, OSError):
        raise Again("Notify does not answer", whole_channel=True) from None


def meaning(error: APIError, now: datetime) -> Again | Never:
    """What became of a letter at which Notify says this."""
    if isinstance(error, InvalidResponse):
        return Again("Notify's answer cannot be read")
    if error.response is None:
        return Again("Notify does not answer", whole_channel=True)
    status, said = error.status_code, _said(error)
    if status == 429 and any(kind == "TooManyRequestsError" for kind, _ in said):
        return Again("Notify's limit of the day is reached", after=_until_tomorrow(now), whole_channel=True)
    if status == 429:
        return Again("Notify asks to wait", whole_channel=True)
    if status >= 500 or status == 408:
        return Again(f"Notify fails ({status})")
    if status != 400:
        return Again(f"Notify refuses us ({status})", whole_channel=True)
    if any(kind == "ValidationError" and words.startswith(_ADDRESS) for kind, words in said):
        return Never("not an e-mail address", unreachable=True)
    return Never("Notify refuses it (400)", unreachable=False)


def _until_tomorrow(now: datetime) -> timedelta:
    """Notify counts a day's letters from midnight in UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight - now + _AFTER_MIDNIGHT


def _said(error: APIError) -> list[tuple[str, str]]:
    """Type and words of each thing that Notify says is wrong."""
    try:
        body: Any = error.response.json() if error.response is not None else {}
    except ValueError:
        return []
    errors = body.get("errors") if isinstance(body, dict) else None
    found = errors if isinstance(errors, list) else []
    return [(str(one.get("error", "")), str(one.get("message", ""))) for one in found if isinstance(one, dict)]
