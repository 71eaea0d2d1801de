"""Slack: a direct message, or an answer in the thread where a concern was raised."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks import blocks_of
from bot.channels import Again, Never
from bot.channels.slack_errors import CLOSED, GONE, code_of, meaning, shut
from bot.slack import slack_client
from handlers.letters import Letter
from knowledge.parties import is_slack_channel

EVENT_TYPE = "desk_notification"
_LOOKED_BACK = 100
"""Messages looked through for one that may have left already."""


class SlackChannel:
    """Posts as the desk. `link`: the desk's public address; `pace`: seconds between two messages in one place."""

    def __init__(self, token: str, api_url: str, link: str, pace: float = 1.0, patience: int = 10) -> None:
        self._client = slack_client(token, api_url)
        self._client.retry_handlers = []  # the outbox tries again: a wait in here would outlast the lease
        self._client.timeout = patience
        self._link = link
        self._turns = Turns(pace)

    def send(self, letter: Letter, again: bool) -> dict[str, Any]:
        """Posts in the letter's thread, and where that is gone or there is none, to the recipient: somebody, or a Slack
        channel, where nobody is looked up. What replaces a message is put in its place."""
        try:
            if letter.replaces:
                return self._replace(letter, letter.replaces["channel"], letter.replaces["ts"])
            if is_slack_channel(letter.address):
                within = letter.origin.get("thread_ts", "") if letter.origin.get("channel") == letter.address else ""
                return self._post(letter, letter.address, within, again)
            user = self._user(letter)
            if letter.origin.get("channel"):
                with suppress(_Closed):
                    return self._post(letter, letter.origin["channel"], letter.origin.get("thread_ts", ""), again)
            return self._post(letter, user, "", again)
        except SlackApiError as error:
            raise (shut(error) if is_slack_channel(letter.address) else None) or meaning(error) from None
        except TimeoutError:
            raise Again("Slack took too long") from None
        except (SlackClientError, OSError):
            raise Again("Slack does not answer") from None

    def _user(self, letter: Letter) -> str:
        """The recipient's id, by the id we know or the address; looked up every time, for people leave. A Slack channel
        is its own."""
        slack_id = letter.slack_id or ("" if "@" in letter.address else letter.address)
        if slack_id.startswith(("C", "G")):
            return slack_id
        if slack_id:
            found = self._client.users_info(user=slack_id)
        else:
            found = self._client.users_lookupByEmail(email=letter.email or letter.address)
        user: dict[str, Any] = found.get("user") or {}
        if user.get("deleted") or user.get("is_bot"):
            raise Never("no Slack user: deactivated", unreachable=True)
        return str(user.get("id") or slack_id)

    def _post(self, letter: Letter, channel: str, thread: str, again: bool) -> dict[str, Any]:
        """`channel`: a Slack channel, or a user for a direct message."""
        if again and (there := self._there_already(letter.id, channel, thread)):
            return there
        self._turns.take(channel)
        try:
            done = self._client.chat_postMessage(channel=channel, **self._given(letter, thread))
        except SlackApiError as error:
            if channel == letter.origin.get("channel") and code_of(error) in CLOSED:
                raise _Closed from None
            raise
        return _place(str(done.get("channel") or channel), str(done.get("ts") or ""), thread)

    def _replace(self, letter: Letter, channel: str, ts: str) -> dict[str, Any]:
        """Trying again does it again, and no harm. Where the message is gone nobody is misled by it any more."""
        self._turns.take(channel)
        try:
            self._client.chat_update(channel=channel, ts=ts, **self._given(letter, ""))
        except SlackApiError as error:
            if code_of(error) not in CLOSED | GONE:
                raise
        return _place(channel, ts, "")

    def _given(self, letter: Letter, thread: str) -> dict[str, Any]:
        text, blocks = blocks_of(letter.reply, self._link)
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"notification": letter.id}}
        given = {"text": text or letter.subject, "blocks": blocks, "metadata": metadata, "unfurl_links": False}
        return given | ({"thread_ts": thread} if thread else {})

    def _there_already(self, id: str, channel: str, thread: str) -> dict[str, Any] | None:
        """Where an earlier try of the same notification stands. A look that fails is no reason not to send."""
        with suppress(SlackClientError, OSError):
            if channel.startswith(("U", "W")):
                opened = self._client.conversations_open(users=channel)
                channel = str((opened.get("channel") or {})["id"])
            asked: dict[str, Any] = {"channel": channel, "limit": _LOOKED_BACK, "include_all_metadata": True}
            look = self._client.conversations_history
            found = self._client.conversations_replies(ts=thread, **asked) if thread else look(**asked)
            for message in found.get("messages") or ():
                about = message.get("metadata") or {}
                if about.get("event_type") == EVENT_TYPE and about.get("event_payload", {}).get("notification") == id:
                    return _place(channel, str(message["ts"]), thread)
        return None


class Turns:
    """Slack takes a message a second in each place: whoever writes there waits for their turn."""

    def __init__(self, pace: float) -> None:
        self._pace = pace
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, place: str) -> None:
        """Waits until it is one's turn, a second or two at most."""
        with self._lock:
            now = time.monotonic()
            self._next = {one: at for one, at in self._next.items() if at > now}
            mine = self._next.get(place, now)
            self._next[place] = mine + self._pace
        time.sleep(max(0.0, mine - now))


class _Closed(Exception):
    """One cannot write in the letter's thread any more."""


def _place(channel: str, ts: str, thread: str) -> dict[str, Any]:
    return {"channel": channel, "ts": ts, **({"thread_ts": thread} if thread else {})}
