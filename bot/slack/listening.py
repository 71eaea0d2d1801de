"""What Bolt calls: every delivery is acknowledged here, and given to who takes it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from slack_bolt import BoltResponse

from bot.logs import log, where_of
from bot.slack.abilities import Abilities
from bot.slack.agent import Agent
from bot.slack.answering import Answering
from bot.slack.client import hasty_client, slack_client
from bot.slack.events import form_asked
from bot.slack.files import Files
from bot.slack.home import Home
from bot.slack.intake import Intake
from bot.slack.looking import Looking
from bot.slack.modals import Modals
from bot.slack.payloads import Payload
from bot.slack.people import People
from bot.slack.posting import Posting
from bot.slack.status import Status
from bot.slack.streaming import Streaming
from bot.slack.submitting import Submitting
from bot.wiring import Wiring
from handlers.desk import Desk
from handlers.parking import park_event
from knowledge.incoming import keep
from knowledge.timeline.showing import prepare


class Listening:
    """What Bolt calls."""

    def __init__(self, wiring: Wiring, token: str) -> None:
        settings, desk = wiring.settings, wiring.desk
        client = slack_client(token, settings.slack_api_url)
        people = People(wiring.store, client, settings.slack_team)
        hasty, abilities = hasty_client(token, settings.slack_api_url), Abilities()
        self._looking = Looking()
        answering = Answering(desk, people, Files(token, settings.slack_api_url, client.proxy), self._looking)
        self._haste = ThreadPoolExecutor(max_workers=8, thread_name_prefix="slack-haste")
        self._home = Home(client, desk, answering, settings.url)
        self._agent = Agent(hasty, desk, answering, abilities)
        streaming = Streaming(client, hasty, abilities, partial(keep, wiring.store))
        posting = Posting(client, settings.url, abilities, streaming)
        status, park = Status(client, hasty, abilities), partial(_park, desk)
        self.intake = Intake(wiring.store, answering, posting, self._home, status, park)
        self._modals = Modals(hasty, answering, people, wiring.store, settings.url)
        self._haste.submit(prepare)
        self._submitting = Submitting(self._haste, wiring.store, answering, settings.url, self.intake.later)

    def stop(self) -> None:
        """Ends what is being answered; what still waits is written down, and the next process takes it up."""
        self.intake.cease()
        self._haste.shutdown(cancel_futures=True)
        self.intake.stop()

    def take_up(self) -> int:
        """Handles what was acknowledged and not handled in time. Returns how many."""
        return self.intake.take_up()

    def message(self, context: Any) -> None:
        """An @mention or a direct message, which Bolt has acknowledged."""
        if "incoming" in context:
            self.intake.later(*context["incoming"])

    def command(self, ack: Callable[[], None], body: Payload, context: Any) -> None:
        """/desk."""
        ack()
        if form_asked(body):
            self._hurry(self._modals.asked, body)
        else:
            self.message(context)

    def press(self, ack: Callable[[], None], context: Any) -> None:
        """A button that asks something, or does something."""
        ack()
        self.message(context)

    def form(self, ack: Callable[[], None], body: Payload) -> None:
        """A button that opens a modal first."""
        ack()
        self._hurry(self._modals.pressed, body)

    def passage(self, ack: Callable[[], None], body: Payload) -> None:
        """A button that opens a passage."""
        ack()
        self._hurry(self._modals.passage, body)

    def shortcut(self, ack: Callable[[], None], body: Payload) -> None:
        """Raise as a concern, on a message, and Raise a concern, anywhere."""
        ack()
        self._hurry(self._modals.new_concern, body)

    def submission(self, ack: Callable[..., None], body: Payload, context: Any) -> None:
        """A form that was sent."""
        id, payload = context["incoming"]
        ack(**self._submitting.answer(id, payload, body))

    def home_opened(self, body: Payload) -> None:
        """App Home, which is published, or the messages beside it, where something is suggested."""
        if body["event"].get("context"):
            self._looking.changed(body["event"])
        if body["event"].get("tab") == "home":
            self._hurry(self._home.opened, body)
        elif body["event"].get("tab") == "messages":
            self._hurry(self._agent.opened, body)

    def context_changed(self, body: Payload) -> None:
        """Somebody beside whose view the desk is open looks at something else."""
        self._looking.changed(body["event"])

    def _hurry(self, step: Callable[[Payload], None], body: Payload) -> None:
        self._haste.submit(self._try, step, body)

    def _try(self, step: Callable[[Payload], None], body: Payload) -> None:
        try:
            step(body)
        except Exception as error:  # nothing was promised: the person sees nothing and presses again
            failed(error)


def _park(desk: Desk, id: str, attempts: int, payload: Payload) -> None:
    park_event(desk, id, attempts, payload["user"], listed=not payload.get("stranger"))


def failed(error: Exception) -> BoltResponse:
    """What could not be written down is not acknowledged, so that Slack sends it again. Where Bolt has acknowledged
    already, this answer goes nowhere."""
    log.error("slack", error=type(error).__name__, where=where_of(error))
    return BoltResponse(status=500, body="")
