"""Whether Slack sent what came in: looked at before Bolt reads any of it."""

from __future__ import annotations

import re

from slack_bolt.request.internals import parse_body
from slack_sdk.signature import SignatureVerifier


def is_slacks(secret: str, body: str, moment: str, signature: str) -> bool:
    """Whether Slack signed it in the last five minutes. `moment`: the header's text, whatever it is."""
    if not re.fullmatch("[0-9]{1,12}", moment) or not signature.isascii():
        return False
    return bool(SignatureVerifier(secret).is_valid(body, moment, signature))


def is_whole(body: str, kind: str | None) -> bool:
    """Whether Bolt can read it. `kind`: the content type."""
    try:
        return isinstance(parse_body(body, kind), dict)
    except (ValueError, RecursionError):
        return False
