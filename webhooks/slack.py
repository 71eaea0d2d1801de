"""Slack over HTTP. Bolt verifies the signature; what Bolt stumbles over is turned away before it."""

from __future__ import annotations

import re

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from bot.wiring import Wiring
from webhooks.safety import csrf, limiter, signed

blueprint = Blueprint("slack", __name__)


def connect(app: Flask, wiring: Wiring) -> None:
    """Makes ready to answer Slack, where a bot token and a signing secret are set."""
    settings = wiring.settings
    if not (settings.slack_bot_token.get_secret_value() and settings.slack_signing_secret.get_secret_value()):
        return
    from slack_bolt.adapter.flask import SlackRequestHandler

    from bot.slack import create_slack

    slack, app.extensions["slack_intake"] = create_slack(wiring)
    app.extensions["slack"] = SlackRequestHandler(slack)


@blueprint.post("/slack/events")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask_wtf has no types
@limiter.exempt
@signed
def events() -> Response:
    """Events, commands, buttons and forms from Slack, by their signature."""
    handler = current_app.extensions.get("slack")
    if handler is None:
        return Response("Slack is not set up here", status=404)
    if not _can_be_verified():
        return Response('{"error": "invalid request"}', status=401, mimetype="application/json")
    if not _can_be_read():
        return Response('{"error": "this cannot be read"}', status=400, mimetype="application/json")
    answer = handler.handle(request)
    assert isinstance(answer, Response)  # noqa: S101 - that is what the adapter makes
    return answer


def _can_be_verified() -> bool:
    """Whether time and signature are such that comparing them fails for nothing but being wrong: Python stumbles over
    numbers of thousands of digits, and over signatures that are no ASCII. What is missing, Bolt turns away itself."""
    moment = request.headers.get("X-Slack-Request-Timestamp", "0")
    return bool(re.fullmatch("[0-9]{1,12}", moment)) and request.headers.get("X-Slack-Signature", "").isascii()


def _can_be_read() -> bool:
    """Whether Bolt can make a request of it, which it does before it looks at the signature: anybody may send that."""
    from slack_bolt.adapter.flask.handler import to_bolt_request

    try:
        to_bolt_request(request)
    except HTTPException:
        raise
    except Exception:
        return False
    return True
