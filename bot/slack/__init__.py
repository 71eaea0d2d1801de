"""Slack: events, commands, buttons and forms become Messages, Replies become blocks.

Bolt does not tell a repeated event from a new one, so a middleware writes each down, by its id, before Bolt
acknowledges it. What was acknowledged and not handled, because a process died, is taken up by the next.
"""

from bot.slack.app import create_slack
from bot.slack.client import slack_client

__all__ = ["create_slack", "slack_client"]
