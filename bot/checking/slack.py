"""Whether Slack takes the desk's tokens, and gives them the scopes the desk needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.channels.slack_errors import code_of
from bot.settings import Settings
from bot.slack import slack_client
from handlers.checking.findings import Finding, fine, missing, warning

ABOUT = "Slack"
PATIENCE = 5
"""Seconds to wait for an answer."""
_INSTALL = "Give the app the manifest (desk slack --manifest) on its page, and install it into the workspace again"


def check_slack(settings: Settings) -> list[Finding]:
    """What Slack says to the tokens; nothing where Slack is not switched on."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return []
    return [*_bot(settings, client_of(settings, token)), *_way_in(settings)]


def client_of(settings: Settings, token: str) -> WebClient:
    """A client that asks once, and does not wait long."""
    client = slack_client(token, settings.slack_api_url)
    client.timeout, client.retry_handlers = PATIENCE, []
    return client


def _bot(settings: Settings, client: WebClient) -> list[Finding]:
    """auth.test: the token, the workspace, the scopes."""
    try:
        answer = client.auth_test()
    except (SlackClientError, OSError) as error:
        return [_refused("SLACK_BOT_TOKEN", error)]
    found = [_scopes(answer.headers)]
    team = str(answer.get("team_id", ""))
    if settings.slack_team and team != settings.slack_team:
        what = f"SLACK_BOT_TOKEN is of the workspace {team}, and DESK_SLACK_TEAM is {settings.slack_team}."
        found.append(missing(ABOUT, what, "Set both to those of the council's workspace"))
    return found


def _scopes(headers: Mapping[str, Any]) -> Finding:
    named = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    if not named:
        what = "The bot token works; Slack did not say which scopes it has."
        return warning(ABOUT, what, "Look at them on the app's page, under OAuth & Permissions")
    text = ",".join(named) if isinstance(named, list) else str(named)
    lacking = sorted(wanted_scopes() - {scope.strip() for scope in text.split(",")})
    if lacking:
        return missing(ABOUT, f"The bot token lacks scopes: {', '.join(lacking)}.", _INSTALL)
    return fine(ABOUT, "The bot token works and has every scope")


def wanted_scopes() -> set[str]:
    """The scopes that the manifest asks for."""
    manifest = json.loads(files("bot").joinpath("data", "slack-manifest.json").read_text(encoding="utf-8"))
    return set(manifest["oauth_config"]["scopes"]["bot"])


def _way_in(settings: Settings) -> list[Finding]:
    """By which way messages come in: Socket Mode, whose token is tried, or HTTP."""
    if app_token := settings.slack_app_token.get_secret_value():
        try:
            client_of(settings, app_token).apps_connections_open(app_token=app_token)
        except (SlackClientError, OSError) as error:
            return [_refused("SLACK_APP_TOKEN", error)]
        return [fine(ABOUT, "Messages come in by Socket Mode (desk slack)")]
    if settings.slack_signing_secret.get_secret_value():
        return [fine(ABOUT, "Messages come in over HTTP (/slack/events)")]
    what = "Nothing can come in from Slack: neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set."
    return [missing(ABOUT, what, "Set one: the first for desk slack, the second where Slack can reach the web server")]


def _refused(name: str, error: Exception) -> Finding:
    if isinstance(error, SlackApiError):
        what = f"Slack refuses {name} ({code_of(error) or error.response.status_code})."
        return missing(ABOUT, what, "Copy it anew from the app's page, and install the app where it is not")
    what = f"Slack did not answer within {PATIENCE} seconds ({type(error).__name__})."
    return missing(ABOUT, what, "Let this machine reach https://slack.com, by a proxy (HTTPS_PROXY) where it must")
