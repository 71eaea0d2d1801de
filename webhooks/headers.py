"""The headers of every answer."""

from __future__ import annotations

from flask import Response, request

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def keep_safe(response: Response) -> Response:
    """What a browser may do with the answer, unless it says something else itself."""
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")  # for browsers that do not know frame-ancestors
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def hurry_nobody(response: Response) -> Response:
    """Only where there is something to wait for is it said for how long: the limiter says it with every answer."""
    if response.status_code not in (429, 503):
        response.headers.pop("Retry-After", None)
    return response
