"""A page for people, whatever failed; for programs the same in JSON. Each has a reference, which is in the log."""

from __future__ import annotations

import errno
import secrets
from typing import NamedTuple, cast

from flask import Response, g, jsonify, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError

from bot.logs import log
from bot.wiring import report
from knowledge.away import StoreError
from webhooks.safety import view_asked
from webhooks.visitors import STRANGER

_SAID = {
    400: ("That could not be read", "Go back, load the page again, and send it once more."),
    401: (
        "Sign in first",
        "That needs you to be signed in. It was not taken; sign in, then send it again.",
    ),
    403: ("That is for administrators", "Ask whoever looks after the desk."),
    404: ("There is no such page", "The address may be old or mistyped. Some papers need a sign-in."),
    405: ("That cannot be done here", "Go back to the start and try from there."),
    413: ("That is too much at once", "Send less: a question, not a whole paper."),
    429: ("Too many at once", "Wait a minute, then ask again."),
    500: ("Something went wrong on our side", "It has been noted. Try again in a moment."),
    503: ("The desk cannot reach its record just now", "Nothing of what you sent was kept. Try again in a minute."),
}
_EXPIRED = ("That form has expired", "Go back, load the page again, and send it once more.")
_OTHERWISE = ("That did not work", "Go back and try again.")
_NOTHING_TO_REPORT = (401, 403, 404, 405, 429)
"""Pages that all is well with, and that are alike whatever is hidden behind them: they show no reference."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_FOR_PROGRAMS = (".json", ".csv", ".ics", ".atom")
"""How addresses end that programs ask for."""
_AWAY_FOR = 30
"""Seconds after which it is worth asking again."""


class Unreadable(BadRequest):
    """What was asked for cannot be read. Its description is written for whoever asked."""


class Said(NamedTuple):
    """What somebody is told of a failure."""

    title: str
    text: str
    reference: str


def failed(error: Exception) -> tuple[str | Response, int, dict[str, str]] | Response:
    """The answer to whatever failed. The log gets the reference, the kind and the place, nothing that was sent."""
    if isinstance(error, HTTPException) and error.code and error.code < 400:
        return cast(Response, error.get_response())
    cause = error.original_exception if isinstance(error, InternalServerError) else None
    error = cause if isinstance(cause, Exception) else error
    code = _code(error)
    said = Said(*_words(error, code), secrets.token_hex(4))
    _note(error, code, said.reference)
    return _drawn(said, code), code, _kept_headers(error, code)


def _code(error: Exception) -> int:
    if isinstance(error, StoreError) or (isinstance(error, OSError) and error.errno in _NO_ROOM):
        return 503
    if isinstance(error, ParseException):
        return 400
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    return code if code in (500, 503) or code < 500 else 500


def _words(error: Exception, code: int) -> tuple[str, str]:
    title, text = _EXPIRED if isinstance(error, CSRFError) else _SAID.get(code, _OTHERWISE)
    if isinstance(error, RateLimitExceeded) and error.limit and error.limit.error_message:
        text = str(error.limit.error_message)
    if isinstance(error, Unreadable) and error.description:
        text = error.description
    return title, getattr(view_asked(), "too_much", text) if code == 413 else text


def _note(error: Exception, code: int, reference: str) -> None:
    """Into the log, by the pattern of the address: an address itself may hold what opens something."""
    if code >= 500:
        report(reference, error)
        g.visitor, g.failed = STRANGER, True  # the record may be what failed: the page is one for a stranger
        return
    path = request.url_rule.rule if request.url_rule else ""
    log.info("refused", reference=reference, status=code, method=_method(), path=path)


def _method() -> str:
    """The method; one that nobody knows is the sender's own word."""
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
    return request.method if request.method in known else "another"


def _drawn(said: Said, code: int) -> str | Response:
    if _wants_json():
        return jsonify(error=f"{said.title}. {said.text}", reference=said.reference)
    shown = said._replace(reference="") if code in _NOTHING_TO_REPORT else said
    return render_template("error.html", **shown._asdict(), again=code in (401, 404))


def _wants_json() -> bool:
    """Whether a program asks: by what it takes, by the address, or because it signs what it sends."""
    best = request.accept_mimetypes.best_match(("text/html", "application/json"), "text/html")
    ours = request.path.endswith(_FOR_PROGRAMS) or getattr(view_asked(), "is_signed", False)
    return best == "application/json" or (ours and "text/html" not in request.headers.get("Accept", ""))


def _kept_headers(error: Exception, code: int) -> dict[str, str]:
    """What an error says beside its page: which methods are allowed, when to come back."""
    told = error.get_headers() if isinstance(error, HTTPException) else []
    kept = {name: value for name, value in told if name in ("Allow", "Retry-After")}
    return {"Retry-After": str(_AWAY_FOR), **kept} if code == 503 else kept
