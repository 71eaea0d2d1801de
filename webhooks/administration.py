"""What an administrator needs without a shell: files taken in and undone, the settings, what else there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar, cast

from flask import Blueprint, abort, current_app, render_template

from bot.settings import Settings, shown, variable
from handlers.accounting import refused
from handlers.administration import ADMINISTRATORS
from handlers.concerns.case import sender
from webhooks.presses import message_of
from webhooks.safety import current_wiring, signed_in
from webhooks.visitors import visitor

blueprint = Blueprint("administration", __name__)
View = TypeVar("View", bound=Callable[..., Any])

_ELSEWHERE = {
    "/administration/status": "How the desk does now",
    "/audit": "Who did what: the audit",
    "/administration/audit": "Who did what: the audit",
    "/retention": "What is kept, and for how long",
    "/administration/retention": "What is kept, and for how long",
    "/reports": "Reports",
    "/opportunities/waiting": "Postings that wait for an officer",
    "/enquiries": "Questions that wait for a person",
}
"""Pages of other parts by their paths. Only those that there are get a link."""


class Shown(NamedTuple):
    """A setting as it stands."""

    name: str
    value: str
    about: str


def administrators(view: View) -> View:
    """For administrators who have signed in; whoever is played in the demonstration has not. Others get 403, and
    that they asked is written down; strangers are shown where to sign in."""

    @wraps(view)
    def guarded(*places: Any, **named: Any) -> Any:
        if not administers():
            _account_for_trying()
            abort(403)
        return view(*places, **named)

    return cast(View, signed_in(guarded))


def _account_for_trying() -> None:
    desk = current_wiring().desk
    with desk.store.writing() as connection:
        refused(connection, sender(connection, message_of()), "page", "administration", desk)


@blueprint.app_template_global()
def administers() -> bool:
    """Whether the visitor is an administrator."""
    who = visitor()
    return who.signed_in and bool(who.roles & ADMINISTRATORS)


@blueprint.get("/administration")
@administrators
def page() -> str:
    """Where everything is, and the settings as they stand."""
    now = current_wiring().settings
    fields = Settings.model_fields.items()
    settings = [Shown(variable(name), shown(getattr(now, name)), field.description or "") for name, field in fields]
    paths = {str(rule) for rule in current_app.url_map.iter_rules()}
    links = [(path, title) for path, title in _ELSEWHERE.items() if path in paths]
    return render_template("administration.html", settings=settings, links=links)
