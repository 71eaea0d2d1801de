"""A page for people, whatever failed."""

from __future__ import annotations

import errno
import secrets
from typing import cast

from flask import Response, g, render_template
from flask_limiter import RateLimitExceeded
from werkzeug.exceptions import HTTPException

from bot.wiring import report
from knowledge.away import Away
from webhooks.safety import view_asked
from webhooks.visitors import STRANGER

_SAID = {
    400: ("That form has expired", "Go back, load the page again, and send it once more."),
    401: (
        "Sign in first",
        "That needs you to be signed in. It was not taken; sign in, then send it again.",
    ),
    403: ("That is for administrators", "Ask whoever looks after the desk."),
    404: ("There is no such page", "The address may be old or mistyped. Some papers need a sign-in."),
    405: ("That cannot be done here", "Go back to the start and try from there."),
    413: ("That is too much at once", "Send less: a question, not a whole paper."),
    429: ("Too many at once", "Wait a minute, then ask again."),
    503: ("The desk cannot reach its record just now", "Nothing of what you sent was kept. Try again in a minute."),
    500: ("Something went wrong on our side", "It has been noted. Try again in a moment."),
}

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_AGAIN = "30"
"""Seconds after which whoever finds the record away may come back."""


def failed(error: Exception) -> tuple[str, int, dict[str, str]] | Response:
    """A page for people, whatever failed; the trace's place goes to the log with a reference. 503 where the record is
    away: the same may be sent again."""
    error = getattr(error, "original_exception", None) or error
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    reference = ""
    if code >= 500:
        code, reference = 503 if _passes(error) else 500, secrets.token_hex(4)
        report(reference, error)
        _ask_no_more()
    if code < 400 and isinstance(error, HTTPException):
        return cast(Response, error.get_response())
    title, text = _SAID.get(code, ("That did not work", "Go back and try again."))
    if isinstance(error, RateLimitExceeded) and error.limit and error.limit.error_message:
        text = str(error.limit.error_message)
    if code == 413:
        text = getattr(view_asked(), "too_much", text)
    page = render_template("error.html", title=title, text=text, reference=reference, again=code in (401, 404))
    return page, code, _kept_headers(error)


def _passes(error: Exception) -> bool:
    """Whether the same may do once somebody has made room, or the record is back."""
    return isinstance(error, Away) or (isinstance(error, OSError) and error.errno in _NO_ROOM)


def _kept_headers(error: Exception) -> dict[str, str]:
    """What an error says beside its page: which methods are allowed, when to come back."""
    if _passes(error):
        return {"Retry-After": _AGAIN}
    told = error.get_headers() if isinstance(error, HTTPException) else []
    return {name: value for name, value in told if name in ("Allow", "Retry-After")}


def _ask_no_more() -> None:
    """Makes the page of a failure one for a stranger: the record may be what failed."""
    g.visitor, g.failed = STRANGER, True
