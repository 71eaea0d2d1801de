"""Bolt's app: what Slack sends, and who in this room takes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.blocks.buttons import CHOOSE, DO, FORM, OPEN_PASSAGE
from bot.blocks.modals import FORM_ID
from bot.slack.client import slack_client
from bot.slack.listening import Listening, failed
from bot.wiring import Wiring

_THREADS = 16
"""Of Bolt, which acknowledge; a form that was sent keeps one for as long as it is handled."""


def create_slack(wiring: Wiring) -> tuple[App, Listening]:
    """Bolt's app and what listens behind it, which whoever made them stops."""
    settings = wiring.settings
    token = settings.slack_bot_token.get_secret_value()
    app = App(
        client=slack_client(None, settings.slack_api_url),
        signing_secret=settings.slack_signing_secret.get_secret_value() or None,
        authorize=_authorized_by(token),
        listener_executor=ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="slack-listen"),
    )
    listening = Listening(wiring, token)
    attach(app, listening)
    listening.intake.start()
    return app, listening


def attach(app: App, listening: Listening) -> None:
    """Says which deliveries are taken, and by whom: the manifest asks Slack for these and no others."""
    app.middleware(listening.intake.write_down)
    app.event("app_mention")(listening.message)
    app.event("message")(listening.message)
    app.event("app_home_opened")(listening.home_opened)
    app.event("app_context_changed")(listening.context_changed)
    app.command("/desk")(listening.command)
    app.shortcut("raise_concern")(listening.shortcut)
    app.shortcut("new_concern")(listening.shortcut)
    app.action({"action_id": OPEN_PASSAGE})(listening.passage)
    app.action(re.compile(rf"^{FORM}:"))(listening.form)
    app.action(re.compile(rf"^({CHOOSE}|{DO}):"))(listening.press)
    app.view(FORM_ID)(listening.submission)
    app.error(failed)


def _authorized_by(token: str) -> Callable[..., AuthorizeResult]:
    """Bolt asks Slack who we are (auth.test) before it lets an event in, and an event that comes while Slack does not
    answer would be lost. One workspace and one token need no asking."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize
