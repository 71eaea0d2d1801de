"""The desk's own messages in Slack are deleted there, when what they are about is erased."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.settings import Settings
from bot.slack import slack_client
from handlers.subjects.erasing import Post

_GONE = frozenset({"message_not_found", "channel_not_found"})


def take_back(settings: Settings, posts: Sequence[Post]) -> int:
    """Deletes them. Returns how many could not be: what is gone already is."""
    token = settings.slack_bot_token.get_secret_value()
    if not token or not posts:
        return len(posts)
    client = slack_client(token, settings.slack_api_url)
    left = 0
    for post in posts:
        try:
            client.chat_delete(channel=post.channel, ts=post.ts)
        except SlackApiError as error:
            left += str(error.response.get("error", "")) not in _GONE
        except (SlackClientError, OSError):
            left += 1
    return left
