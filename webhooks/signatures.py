"""Signatures of the Standard Webhooks scheme."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook
from werkzeug.datastructures import Headers

TOLERANCE = timedelta(minutes=5)
"""How far a sender's clock may be from ours: what is older may be somebody's copy, sent again."""
_LONGEST_ID = 150


class BadSignature(Exception):
    """Whoever sent it cannot be told to be who they say. Its text says why."""


def signed_id(headers: Headers, body: bytes, secrets: Iterable[str], now: datetime) -> str:
    """The id of what was sent, by the headers webhook-id, webhook-timestamp and webhook-signature. Raises
    BadSignature."""
    id, moment = headers.get("webhook-id", ""), _moment(headers.get("webhook-timestamp", ""))
    if not id or len(id) > _LONGEST_ID or not id.isascii() or not id.isprintable():
        raise BadSignature(f"webhook-id is missing, or is no plain text of {_LONGEST_ID} characters at most")
    if abs(now - moment) > TOLERANCE:
        raise BadSignature("webhook-timestamp is not of the last five minutes")
    given = [part.encode() for part in headers.get("webhook-signature", "").split()]
    try:
        wanted = [Webhook(secret).sign(id, moment, body.decode()).encode() for secret in secrets]
    except UnicodeDecodeError:
        raise BadSignature("the body is not UTF-8") from None
    if not any(hmac.compare_digest(one, other) for one in given for other in wanted):
        raise BadSignature("webhook-signature does not fit: wrong secret, or another body than was signed")
    return id


def _moment(text: str) -> datetime:
    """A moment given in whole seconds since 1970."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 11):
        raise BadSignature("webhook-timestamp is missing, or no number of seconds")
    return datetime.fromtimestamp(int(text), UTC)
