"""Signing in with Slack: OpenID Connect, by Authlib, which checks the state, the nonce and the signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from flask import Blueprint, Flask, abort, current_app, render_template, request, session, url_for
from flask import redirect as go_to
from werkzeug.wrappers import Response as AnyResponse

from bot.logs import log, where_of
from bot.wiring import Wiring
from knowledge.audit import Deed, account
from knowledge.models import Person
from knowledge.register.named import find_known
from webhooks.safety import current_wiring, limiter, public
from webhooks.sessions import enter, want
from webhooks.sign_in import unlisted

blueprint = Blueprint("sign_in_slack", __name__)

USER, TEAM = "https://slack.com/user_id", "https://slack.com/team_id"
"""Slack's own claims, by these names whatever the issuer's address."""
_PATIENCE = 5
"""Seconds Slack may take for one answer."""
_AWAY = "Slack does not answer. Try again in a moment, or have a link sent to your e-mail address."
_REFUSED = "Slack did not sign you in, or the try was too old. Try again."


def connect(app: Flask, wiring: Wiring) -> None:
    """Makes ready to sign in with Slack, where it is set up. Slack is first asked when somebody signs in."""
    settings = wiring.settings
    if not settings.signs_in_with_slack:
        return
    from authlib.integrations.flask_client import OAuth  # type: ignore[import-untyped]

    app.extensions["sign_in_slack"] = OAuth(app).register(
        "slack",
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        server_metadata_url=f"{settings.slack_issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "token_endpoint_auth_method": "client_secret_post",
            "default_timeout": _PATIENCE,
        },
    )


@blueprint.get("/sign-in/slack")
@limiter.limit("120/hour")
@public
def start() -> AnyResponse | tuple[str, int]:
    """Sends the visitor to Slack, with a state and a nonce that only this session knows."""
    client = _client()
    for tried in [key for key in session if key.startswith("_state_slack_")]:
        session.pop(tried)  # the cookie is small: the last try is the one that counts
    want(request.args.get("next"))
    settings = current_wiring().settings
    try:
        return _as_response(
            client.authorize_redirect(settings.url + url_for("sign_in_slack.back"), team=settings.slack_team)
        )
    except Exception as error:
        return _failed(error)


@blueprint.get("/sign-in/slack/back")
@limiter.limit("120/hour")
@public
def back() -> AnyResponse | tuple[str, int]:
    """The visitor comes back from Slack, which says who they are."""
    client, settings = _client(), current_wiring().settings
    expected = {
        "iss": {"essential": True, "values": [settings.slack_issuer]},
        "aud": {"essential": True, "values": [settings.slack_client_id]},
    }
    try:
        claims = client.authorize_access_token(claims_options=expected)["userinfo"]
    except Exception as error:  # whatever another's server sends: nobody is signed in by it
        return _failed(error)
    person = _person(claims)
    if person is None:
        return unlisted()
    address, wiring = person.email or person.slack_id, current_wiring()
    with wiring.store.writing() as connection:
        account(connection, Deed.SIGNED_IN, "session", "slack", wiring.desk.now(), by=address)
    return go_to(enter(address, "slack"), code=303)


def _person(claims: Mapping[str, Any]) -> Person | None:
    """Who is meant on the people list: by Slack id, else by an address that Slack has verified. Nobody of another
    workspace, whose owners may give their people any address."""
    if claims.get(TEAM) != current_wiring().settings.slack_team:
        return None
    with current_wiring().store.reading() as connection:
        found = find_known(connection, slack_id=str(claims.get(USER) or ""))
        if found is None and claims.get("email_verified") is True:
            found = find_known(connection, email=str(claims.get("email") or ""))
    return found


def _failed(error: Exception) -> tuple[str, int]:
    """A page for whatever went wrong on the way by Slack. The log gets its kind and place, not what was sent."""
    log.warning("sign_in", kind="slack", error=type(error).__name__, where=where_of(error))
    away = isinstance(error, requests.RequestException)
    title = "Signing in with Slack did not work"
    page = render_template("error.html", title=title, text=_AWAY if away else _REFUSED, again=True)
    return page, 503 if away else 400


def _client() -> Any:
    return current_app.extensions.get("sign_in_slack") or abort(404)


def _as_response(answer: Any) -> AnyResponse:
    assert isinstance(answer, AnyResponse)  # noqa: S101 - that is what Authlib makes
    return answer
