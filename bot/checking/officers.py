"""Whether the officers' channel is there, and the desk in it: where it is not, each officer is told by themselves."""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.channels.slack_errors import CLOSED, GONE, code_of
from bot.checking.slack import client_of
from bot.settings import Settings
from handlers.checking.findings import Finding, fine, missing, warning

ABOUT = "Questions for a person"
_SETTING = "DESK_OFFICERS_CHANNEL"
_NO_MESSAGE = "1.000000"
"""When no message was posted: an attempt to change it tells whether the desk may write there, and changes nothing."""
_INVITE = f"Invite the desk there (/invite in the Slack channel), or set {_SETTING} to the id of another (C...)"


def check_officers(settings: Settings, deaf: dict[str, str]) -> list[Finding]:
    """The officers' channel. `deaf`: addresses at which nothing arrives, and why."""
    token, channel = settings.slack_bot_token.get_secret_value(), settings.officers_channel
    if not token:
        return [_without_slack()] if channel else []
    if not channel:
        what = f"{_SETTING} is not set: each officer is told of a question for a person by themselves."
        do = f"Make a Slack channel for the officers, invite the desk there, and set {_SETTING} to its id (C...)"
        return [warning(ABOUT, what, do)]
    if reason := deaf.get(channel):
        what = f"Nothing arrives in the officers' channel {channel} ({reason}): each officer is told instead."
        return [missing(ABOUT, what, f"{_INVITE}. Then: desk providers unreachable {channel} --undo")]
    return [_asked(client_of(settings, token), channel)]


def _without_slack() -> Finding:
    what = f"{_SETTING} is set, and Slack is not switched on: each officer is told of a question by themselves."
    return warning(ABOUT, what, "Set SLACK_BOT_TOKEN, or leave the other away")


def _asked(client: WebClient, channel: str) -> Finding:
    """What Slack says to the channel."""
    try:
        client.chat_update(channel=channel, ts=_NO_MESSAGE, text="-")
    except SlackApiError as error:
        code = code_of(error)
    except (SlackClientError, OSError) as error:
        code = type(error).__name__
    else:
        code = ""
    if code in CLOSED or code == "is_inactive":
        return missing(ABOUT, f"The desk has no way into the officers' channel {channel} ({code}).", _INVITE)
    if code and code not in GONE:
        what = f"Slack does not say whether the desk is in the officers' channel {channel} ({code})."
        return warning(ABOUT, what, "See to what is said of Slack above, and check again")
    return fine(ABOUT, f"Slack knows the officers' channel {channel}")
