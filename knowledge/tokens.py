"""Signed links: what a link says, which only the desk can have written. The secret is an argument."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

_OURS = "commissioning desk: "
"""Before every purpose, so that no link is worth anything where the same secret signs sessions and forms."""

AHEAD = timedelta(hours=2)
"""How far in the future a link may have been signed: the clock was set back since, or is another machine's."""


def sign(secret: str, purpose: str, about: Mapping[str, str | int], now: datetime) -> str:
    """A token for a link, good for one purpose. `about` holds numbers and names of rows; an address is refused with
    ValueError, since links end up in logs and histories."""
    if any("@" in str(value) for value in about.values()):
        raise ValueError("a link holds no address")
    return str(_serializer(secret, purpose, now).dumps(dict(about)))


def read(secret: str, purpose: str, token: str, *, longest: timedelta, now: datetime) -> dict[str, str | int] | None:
    """What a token says, None where it is forged, for another purpose, or was signed longer ago than `longest`."""
    try:
        about, signed = _serializer(secret, purpose, now).loads(token, return_timestamp=True)
    except BadData:
        return None
    fresh = -AHEAD <= now - signed <= longest
    return about if isinstance(about, dict) and fresh else None


def _serializer(secret: str, purpose: str, now: datetime) -> URLSafeTimedSerializer:
    if not secret or not purpose:
        raise ValueError("signing needs a secret and a purpose")

    class Signer(TimestampSigner):
        """Signs with the clock that was handed in."""

        def get_timestamp(self) -> int:
            return int(now.timestamp())

    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeTimedSerializer(secret, salt=_OURS + purpose, signer=Signer, signer_kwargs=options)
