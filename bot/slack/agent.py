"""What the desk suggests when somebody opens their messages with it."""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.abilities import Abilities, Ability
from bot.slack.answering import Answering
from bot.slack.payloads import Payload, payload
from handlers.desk import Desk
from handlers.examples import suggested

_MOST = 4
_TITLE, _MESSAGE = 75, 300


class Agent:
    """Suggests. `client`: one that tries once and does not wait long."""

    def __init__(self, client: WebClient, desk: Desk, answering: Answering, abilities: Abilities) -> None:
        self._client, self._desk, self._answering, self._abilities = client, desk, answering, abilities

    def opened(self, body: Payload) -> None:
        """Somebody has opened their messages with the desk: what they may try first, by their role. The prompts belong
        to the whole of the messages, so no thread is named: for an agent Slack drops a call that names one."""
        channel, user = str(body["event"].get("channel") or ""), str(body["event"]["user"])
        if not channel or not self._abilities.has(Ability.PROMPTS):
            return
        told = payload(user=user, channel=channel, text="", body=body, public=False, thread="")
        title, prompts = suggested(self._answering.message("", told), self._desk)
        made = [{"title": one.label[:_TITLE], "message": one.text[:_MESSAGE]} for one in prompts[:_MOST]]
        try:
            self._client.assistant_threads_setSuggestedPrompts(channel_id=channel, title=title, prompts=made)
        except SlackApiError as error:
            self._abilities.learn(Ability.PROMPTS, "D", error)
