"""What holds for every route: headers, limits, CSRF; and the marks that say for whom a route is."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.wiring import Wiring
from knowledge.subscriptions.limits import network_of
from webhooks.headers import hurry_nobody, keep_safe
from webhooks.requests import NUL, PlainRequest

if TYPE_CHECKING:
    from webhooks.visitors import Visitor

View = TypeVar("View", bound=Callable[..., Any])


def _caller() -> str:
    """Whose requests are counted together: of IPv6 a network's."""
    return network_of(request.remote_addr or "") or get_remote_address()


limiter = Limiter(key_func=_caller, storage_uri="memory://")
csrf = CSRFProtect()

_LARGEST_BODY = 1_000_000


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
    from webhooks.failures import failed

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
    app.request_class = PlainRequest
    app.before_request(_refuse_nul)
    app.before_request(_accept_more)  # before the token is looked for, which reads the whole form
    csrf.init_app(app)
    app.after_request(hurry_nobody)  # the last is run first: this after the limiter's own
    limiter.init_app(app)
    app.after_request(keep_safe)
    app.register_error_handler(Exception, failed)
    app.context_processor(lambda: {"council": settings.council, "demo": settings.demo, "visitor": _visitor()})


def _refuse_nul() -> None:
    """No address of the desk holds a NUL, and PostgreSQL refuses to be asked for one."""
    if NUL in request.path:
        abort(404)


def _accept_more() -> None:
    most = getattr(view_asked(), "accepts", 0)
    if most and _visitor().known:
        request.max_content_length = most


def view_asked() -> Any:
    """The view of this request, None for none."""
    return current_app.view_functions.get(request.endpoint or "")


def _visitor() -> Visitor:
    from webhooks.visitors import visitor  # which needs this module

    return visitor()
