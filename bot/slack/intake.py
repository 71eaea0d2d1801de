"""Slack: events, commands and buttons become Messages, Replies become blocks.

Bolt does not tell a repeated event from a new one, so a middleware writes each down, by its id, before Bolt
acknowledges it. What was acknowledged and not handled, because a process died, is taken up by the next.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks import CHOOSE, OPEN_PASSAGE, blocks_of, passage_modal
from bot.logs import log, where_of
from bot.slack_events import Payload, event_of, home_of, is_stranger
from bot.slack_retries import RETRIES, wait_asked
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message
from knowledge import library
from knowledge.incoming import MOST_ATTEMPTS, claim, release, renew, settle, write_down
from knowledge.models import Person, Role, readable_by
from knowledge.people import find_person

SURFACE = "slack"
_EMAILS_KEPT = 600.0
"""Seconds for which a Slack user's address is not asked for again."""
_PATIENCE = 10
"""Seconds one call to Slack may take: three tries and the waits between them stay within an event's lease."""
_AGAIN = timedelta(seconds=20)
_FOR_EVER_WRONG = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "user_not_found", "msg_too_long", "restricted_action"}
)


def create_slack(wiring: Wiring) -> tuple[App, Intake]:
    """Bolt's app and the desk behind it, which whoever made them stops."""
    settings = wiring.settings
    client = slack_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    app = App(
        client=slack_client(None, settings.slack_api_url),
        signing_secret=settings.slack_signing_secret.get_secret_value() or None,
        authorize=_authorized_by(settings.slack_bot_token.get_secret_value()),
    )
    intake = Intake(wiring, client)
    app.middleware(intake.write_down)
    app.event("app_mention")(intake.answer)
    app.event("message")(intake.answer)
    app.command("/desk")(intake.acknowledge_and_answer)
    app.action({"action_id": OPEN_PASSAGE})(intake.open_passage)
    for number in range(5):
        app.action(f"{CHOOSE}:{number}")(intake.acknowledge_and_answer)
    app.error(_failed)
    intake.start()
    return app, intake


def _authorized_by(token: str) -> Callable[..., AuthorizeResult]:
    """Bolt asks Slack who we are (auth.test) before it lets an event in, and an event that comes while Slack does not
    answer would be lost. One workspace and one token need no asking."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize


def slack_client(token: str | None, api_url: str) -> WebClient:
    """A client of Slack's Web API that waits where Slack asks it to."""
    client = WebClient(token=token, base_url=api_url, timeout=_PATIENCE, retry_handlers=list(RETRIES))
    if urlsplit(api_url).hostname in ("127.0.0.1", "localhost"):
        client.proxy = None  # slack_sdk would send even local calls through a proxy of the environment
    return client


def _failed(error: Exception) -> BoltResponse:
    """What could not be written down is not acknowledged, so that Slack sends it again. Where Bolt has acknowledged
    already, this answer goes nowhere."""
    log.error("slack", error=type(error).__name__, where=where_of(error))
    return BoltResponse(status=500, body="")


def _said(error: SlackApiError) -> str:
    """What Slack says is wrong; "" where the body is not one of Slack's."""
    body = getattr(error.response, "data", None)
    return str(body.get("error", "")) if isinstance(body, dict) else ""


class Intake:
    """Takes in what Slack sends: writes down, answers, settles."""

    def __init__(self, wiring: Wiring, client: WebClient) -> None:
        self._wiring = wiring
        self._client = client
        self._emails: dict[str, tuple[float, str]] = {}
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="slack-answer")
        self._stopping = threading.Event()
        self._taking_up = threading.Thread(target=self._keep_taking_up, name="slack-take-up", daemon=True)

    def start(self) -> None:
        """Begins to take up what was left."""
        self._taking_up.start()

    def stop(self) -> None:
        """Ends what is being answered; what still waits is written down, and the next process takes it up."""
        self._stopping.set()
        self._pool.shutdown(cancel_futures=True)
        self._taking_up.join(timeout=_PATIENCE)

    # written down before it is acknowledged

    def write_down(self, body: Payload, context: Any, next: Callable[[], Any]) -> Any:
        """Bolt's middleware: a repeat is acknowledged and goes no further."""
        event = event_of(body)
        if event is None:
            return next()
        id, payload = event
        if not write_down(self._wiring.store, id, SURFACE, payload):
            return BoltResponse(status=200, body="")
        context["incoming"] = (id, payload)
        return next()

    # answered

    def answer(self, context: Any) -> None:
        """An @mention or a direct message, which Bolt has acknowledged. Answered by threads of our own: Bolt's few
        also acknowledge commands, and must not wait with us for a Slack that hangs."""
        if "incoming" in context:
            id, payload = context["incoming"]
            self._pool.submit(self._work, id, payload, 1)

    def acknowledge_and_answer(self, ack: Callable[[], None], context: Any) -> None:
        """A command or a button."""
        ack()
        self.answer(context)

    def open_passage(self, ack: Callable[[], None], body: Payload, action: Payload) -> None:
        """The words of a passage in a modal, for whoever may read them."""
        ack()
        self._pool.submit(self._show_passage, body, action)

    def _show_passage(self, body: Payload, action: Payload) -> None:
        try:
            self._client.views_open(trigger_id=body["trigger_id"], view=self._passage_view(body, action))
        except Exception as error:  # nothing was promised: the person sees no modal and presses again
            _failed(error)

    def _passage_view(self, body: Payload, action: Payload) -> Payload:
        document, _, anchor = str(action.get("value", "")).partition("#")
        with self._wiring.store.reading() as connection:
            about = library.document(connection, document)
            passage, there = library.find_passage(connection, document, anchor)
        asker = self._person(body.get("user", {}).get("id", ""), {"stranger": is_stranger(body), "home": home_of(body)})
        if about is None or passage is None or about.access not in readable_by(asker.roles):
            text, locator, title = "This passage is not in the papers you may read.", "Not found", ""
        else:
            gone = "" if there else f"{anchor} is no longer in this paper. The nearest passage is this.\n\n"
            text, locator, title = gone + passage.text, passage.locator, about.title
        return passage_modal(locator, title, text)

    def _work(self, id: str, payload: Payload, attempts: int) -> None:
        """Answers one event and settles it: handled, given back to be tried again, or parked. An event that waited
        past its lease belongs to whoever took it up, so it is looked at again before anything is sent."""
        try:
            if not renew(self._wiring.store, id, attempts):
                return
            send = self._reply(id, payload)
            if not renew(self._wiring.store, id, attempts):
                return
            send()
            settle(self._wiring.store, id)
        except SlackApiError as error:
            status = getattr(error.response, "status_code", 0)
            lasting = _said(error) in _FOR_EVER_WRONG
            wait = wait_asked(error.response.headers, 0) if status == 429 else 0.0
            self._unsettled(id, attempts, error, lasting=lasting, status=status, wait=wait)
        except (SlackClientError, OSError) as error:
            self._unsettled(id, attempts, error, lasting=False)
        except Exception as error:  # a poison event must not be tried for ever, nor vanish
            self._unsettled(id, attempts, error, lasting=attempts >= 2)

    def _unsettled(
        self, id: str, attempts: int, error: Exception, *, lasting: bool, status: int = 0, wait: float = 0.0
    ) -> None:
        """`wait`: seconds Slack asks to be left alone; tries made sooner would only use themselves up."""
        parked = lasting or attempts >= MOST_ATTEMPTS
        state = "parked" if parked else "again"
        log.warning("slack", event_id=id, state=state, error=type(error).__name__, where=where_of(error), status=status)
        if parked:
            settle(self._wiring.store, id, "parked")
        else:
            release(self._wiring.store, id, max(_AGAIN * attempts, timedelta(seconds=wait)), attempts)

    def _reply(self, id: str, payload: Payload) -> Callable[[], object]:
        """Makes the reply, and gives what sends it."""
        person = self._person(payload["user"], payload)
        message = Message(
            text=payload["text"],
            surface=SURFACE,
            thread=payload["thread"],
            roles=person.roles,
            division=person.division,
            public=payload["public"],
        )
        reply = handle(message, self._wiring.desk)
        text, blocks = blocks_of(reply, self._wiring.settings.url)
        given: dict[str, Any] = {"channel": payload["channel"], "text": text, "blocks": blocks, "unfurl_links": False}
        given["metadata"] = {"event_type": "desk_reply", "event_payload": {"incoming": id}}
        if payload.get("reply_in"):
            given["thread_ts"] = payload["reply_in"]
        if payload.get("only_to_asker"):
            return lambda: self._only_to_asker(payload, given)
        return lambda: self._client.chat_postMessage(**given)

    def _only_to_asker(self, payload: Payload, given: dict[str, Any]) -> None:
        """A reply only the asker sees; where the desk is not in the channel, by direct message."""
        given.pop("metadata", None)
        try:
            self._client.chat_postEphemeral(user=payload["user"], **given)
        except SlackApiError as error:
            if _said(error) not in ("channel_not_found", "not_in_channel", "user_not_in_channel"):
                raise
            given.pop("thread_ts", None)
            self._client.chat_postMessage(**{**given, "channel": payload["user"]})

    # who is asking

    def _person(self, user: str, payload: Payload) -> Person:
        """Who is asking, looked up at every message. People of another workspace are providers."""
        stranger = Person(roles=frozenset({Role.PROVIDER}))
        if not user or payload.get("stranger"):
            return stranger
        with self._wiring.store.reading() as connection:
            person = find_person(connection, slack_id=user)
            if person is None and (email := self._email(user, payload.get("home", ""))):
                person = find_person(connection, email=email)
        return person or stranger

    def _email(self, user: str, home: str) -> str:
        """The user's address, "" for somebody of another workspace: whoever runs that one could claim any address."""
        asked_at, email = self._emails.get(user, (0.0, ""))
        if time.monotonic() - asked_at < _EMAILS_KEPT and asked_at:
            return email
        try:
            found = self._client.users_info(user=user).get("user") or {}
        except (SlackClientError, OSError):
            return ""
        foreign = any(found.get(mark) for mark in ("is_stranger", "is_restricted", "is_bot", "deleted"))
        foreign = foreign or (home != "" and found.get("team_id") not in (None, home))
        email = "" if foreign else str((found.get("profile") or {}).get("email") or "")
        self._emails[user] = (time.monotonic(), email)
        return email

    # taken up again

    def take_up(self) -> int:
        """Handles what was acknowledged and not handled in time. Returns how many."""
        events = claim(self._wiring.store, SURFACE)
        for event in events:
            self._work(event.id, event.payload, event.attempts)
        return len(events)

    def _keep_taking_up(self, every: float = 15.0) -> None:
        """Takes up at the start, and then from time to time."""
        while not self._stopping.is_set():
            try:
                self.take_up()
            except Exception as error:  # the record may be away for a minute
                log.warning("slack", state="take-up", error=type(error).__name__, where=where_of(error))
            self._stopping.wait(every)
