"""App Home: published when somebody opens it, and after whatever they did."""

from __future__ import annotations

from slack_sdk import WebClient

from bot.blocks.home import home_view
from bot.slack.answering import Answering
from bot.slack.payloads import Payload, payload
from handlers.concerns.overview import overview
from handlers.desk import Desk
from handlers.home import parts
from handlers.subscriptions.overview import alerts


class Home:
    """Publishes. `link`: the desk's public address, "" for none."""

    def __init__(self, client: WebClient, desk: Desk, answering: Answering, link: str) -> None:
        self._client, self._desk, self._answering, self._link = client, desk, answering, link

    def opened(self, body: Payload) -> None:
        """Somebody has opened it."""
        user = str(body["event"]["user"])
        self.publish(payload(user=user, channel=user, text="", body=body, public=False, thread=""))

    def publish(self, told: Payload) -> None:
        """Shows the sender of something what they have to do with now."""
        message = self._answering.message("", told)
        seen, theirs = overview(message, self._desk), alerts(message, self._desk)
        view = home_view(seen, self._desk.council, self._link, theirs, parts(message, self._desk))
        self._client.views_publish(user_id=told["user"], view=view)
