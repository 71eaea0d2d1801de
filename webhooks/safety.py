"""What holds for every route: headers, limits, CSRF, error pages; and the marks that say for whom a route is."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, url_for
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.wiring import Wiring, report

if TYPE_CHECKING:
    from webhooks.visitors import Visitor

View = TypeVar("View", bound=Callable[..., Any])

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://")
csrf = CSRFProtect()

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LARGEST_BODY = 1_000_000
_SAID = {
    400: ("That form has expired", "Go back, load the page again, and send it once more."),
    401: (
        "Sign in first",
        "That needs you to be signed in. It was not taken; sign in, then send it again.",
    ),
    404: ("There is no such page", "The address may be old or mistyped. Some papers need a sign-in."),
    405: ("That cannot be done here", "Go back to the start and try from there."),
    413: ("That is too much at once", "Send less: a question, not a whole paper."),
    429: ("Too many at once", "Wait a minute, then ask again."),
    500: ("Something went wrong on our side", "It has been noted. Try again in a moment."),
}


def public(view: View) -> View:
    """Declares that a route is for anyone. A test holds every route to exactly one of these marks."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def signed(view: View) -> View:
    """Declares that a route checks its caller's signature itself."""
    view.is_signed = True  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Declares that a route is for people on the people list. A stranger is shown where to sign in; what a stranger
    sends is refused with 401."""

    @wraps(view)
    def guarded(*places: Any, **named: Any) -> Any:
        if _visitor().known:
            return view(*places, **named)
        if request.method not in ("GET", "HEAD"):
            abort(401)
        wanted = request.full_path if request.query_string else request.path
        return redirect(url_for("sign_in.page", next=wanted), code=303)

    guarded.is_signed_in = True  # type: ignore[attr-defined]
    return cast(View, guarded)


def accepts(most: int, too_much: str) -> Callable[[View], View]:
    """Lets people on the people list send a route more than the others take. `most`: bytes; `too_much`: what whoever
    sends more is told."""

    def mark(view: View) -> View:
        view.accepts, view.too_much = most, too_much  # type: ignore[attr-defined]
        return view

    return mark


def current_wiring() -> Wiring:
    """The wiring of the application that serves this request."""
    return cast(Wiring, current_app.extensions["wiring"])


def protect(app: Flask, wiring: Wiring) -> None:
    """Sets up an application so that every surface on it is born safe."""
    settings = wiring.settings
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value() or secrets.token_hex(32),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.url.startswith("https://"),
        MAX_CONTENT_LENGTH=_LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=200_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # it asks for a referrer, which our own policy tells browsers not to name
        RATELIMIT_HEADERS_ENABLED=True,
    )
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies)  # type: ignore[method-assign]
    app.before_request(_accept_more)  # before the token is looked for, which reads the whole form
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_headers)
    app.register_error_handler(Exception, _failed)
    app.context_processor(lambda: {"council": settings.council, "demo": settings.demo, "visitor": _visitor()})


def _accept_more() -> None:
    most = getattr(_view(), "accepts", 0)
    if most and _visitor().known:
        request.max_content_length = most


def _view() -> Any:
    return current_app.view_functions.get(request.endpoint or "")


def _visitor() -> Visitor:
    from webhooks.visitors import visitor  # which needs this module

    return visitor()


def _ask_no_more() -> None:
    """Makes the page of a failure one for a stranger: the record may be what failed."""
    from webhooks.visitors import STRANGER

    g.visitor, g.failed = STRANGER, True


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _failed(error: Exception) -> tuple[str, int, dict[str, str]] | Response:
    """A page for people, whatever failed; the trace's place goes to the log with a reference."""
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    reference = ""
    if code >= 500:
        code, reference = 500, secrets.token_hex(4)
        report(reference, error)
        _ask_no_more()
    if code < 400 and isinstance(error, HTTPException):
        return cast(Response, error.get_response())
    title, text = _SAID.get(code, ("That did not work", "Go back and try again."))
    if isinstance(error, RateLimitExceeded) and error.limit and error.limit.error_message:
        text = str(error.limit.error_message)
    if code == 413:
        text = getattr(_view(), "too_much", text)
    page = render_template("error.html", title=title, text=text, reference=reference, again=code in (401, 404))
    return page, code, _kept_headers(error)


def _kept_headers(error: Exception) -> dict[str, str]:
    """What an error says beside its page: which methods are allowed, when to come back."""
    told = error.get_headers() if isinstance(error, HTTPException) else []
    return {name: value for name, value in told if name in ("Allow", "Retry-After")}
