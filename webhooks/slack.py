"""Slack over HTTP. The signature is verified before Bolt looks: Bolt reads what it has not verified yet, and stumbles
over what is no JSON, no number, or no ASCII."""

from __future__ import annotations

from urllib.parse import parse_qs

from flask import Blueprint, Flask, Response, current_app, request

from bot.wiring import Wiring
from webhooks.safety import csrf, current_wiring, limiter, signed

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
    from bot.slack.verifying import is_whole

    body = request.get_data(as_text=True)
    if _checks_certificate(body):
        return Response()
    if not _is_slacks(body):
        return _refused(401)
    if not is_whole(body, request.content_type):
        return _refused(400)
    answer = handler.handle(request)
    assert isinstance(answer, Response)  # noqa: S101 - that is what the adapter makes
    return answer


def _checks_certificate(body: str) -> bool:
    """Whether Slack only looks at our certificate, which it does unsigned: nothing is done then."""
    return request.mimetype == "application/x-www-form-urlencoded" and parse_qs(body).get("ssl_check") == ["1"]


def _is_slacks(body: str) -> bool:
    from bot.slack.verifying import is_slacks

    moment, signature = (request.headers.get(f"X-Slack-{name}", "") for name in ("Request-Timestamp", "Signature"))
    return is_slacks(current_wiring().settings.slack_signing_secret.get_secret_value(), body, moment, signature)


def _refused(status: int) -> Response:
    return Response('{"error": "invalid request"}', status=status, mimetype="application/json")
