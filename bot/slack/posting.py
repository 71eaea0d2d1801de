"""Where a reply goes: into the message or the modal it was asked from, else into the conversation, and where others
would read along, to its asker only."""

from __future__ import annotations

import hashlib
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks.modals import card_modal
from bot.blocks.replies import blocks_of, fallback, renewed
from bot.slack.abilities import Abilities, Ability, refuses_blocks
from bot.slack.answering import as_message
from bot.slack.client import passing
from bot.slack.payloads import Payload
from bot.slack.streaming import Streaming
from handlers.messages import PRIVATE, Reply


class Posting:
    """Sends replies. `link`: the desk's public address, "" for none."""

    def __init__(self, client: WebClient, link: str, abilities: Abilities, streaming: Streaming) -> None:
        self._client, self._link = client, link
        self._abilities, self._streaming = abilities, streaming

    def send(self, id: str, payload: Payload, reply: Reply) -> None:
        """Sends a reply where it belongs. Raises what slack_sdk raises."""
        shown = bool(payload.get("shown"))
        if payload.get("view") and not shown and not reply.form:
            shown = self._show(id, payload, reply)
        renewed_it = bool(payload.get("message")) and not reply.form and self._renew(id, payload, as_message(reply))
        if not (shown or renewed_it):
            self._post(id, payload, as_message(reply))

    def _show(self, id: str, payload: Payload, reply: Reply) -> bool:
        """Puts a reply into the modal it was asked from. False where that is closed."""
        place = _place(payload)
        view = card_modal(reply, place, self._link, mark_of(id))
        try:
            self._client.views_update(view_id=payload["view"], view=view)
        except SlackApiError as error:
            if passing(error):
                raise
            return False
        return True

    def _renew(self, id: str, payload: Payload, reply: Reply) -> bool:
        """Brings the message up to date whose button was pressed. False where that cannot be done any more."""
        message = payload["message"]
        blocks = message.get("blocks") or self._blocks_at(payload["channel"], message["ts"], payload.get("reply_in"))
        if not blocks:
            return False
        made = renewed(blocks, reply, self._link, payload.get("root") or "", mark_of(id))
        try:
            self._client.chat_update(
                channel=payload["channel"], ts=message["ts"], text=fallback(reply), blocks=made, unfurl_links=False
            )
        except SlackApiError as error:
            if passing(error):
                raise
            return False
        return True

    def _blocks_at(self, channel: str, ts: str, thread: str | None) -> list[dict[str, Any]]:
        """A message's blocks as they stand; none where it cannot be seen."""
        asked: dict[str, Any] = {"channel": channel, "latest": ts, "oldest": ts, "inclusive": True, "limit": 2}
        look = self._client.conversations_history
        try:
            found = self._client.conversations_replies(ts=thread, **asked) if thread else look(**asked)
        except (SlackClientError, OSError):
            return []
        return next((one.get("blocks") or [] for one in found.get("messages") or () if one.get("ts") == ts), [])

    def _post(self, id: str, payload: Payload, reply: Reply) -> None:
        """Posts a reply; where the workspace has no feedback buttons, with plain ones."""
        native = reply.question is not None and self._abilities.has(Ability.FEEDBACK)
        try:
            self._posted(id, payload, reply, native=native)
        except SlackApiError as error:
            if not (native and refuses_blocks(error)):
                raise
            self._posted(id, payload, reply, native=False)
            self._abilities.lack(Ability.FEEDBACK)  # for what is wrong was those buttons, and no other block

    def _posted(self, id: str, payload: Payload, reply: Reply, *, native: bool) -> None:
        given = self._given(id, payload, reply, native=native)
        if payload.get("only_to_asker") or (payload.get("public") and reply.outcome in PRIVATE):
            self._only_to_asker(payload, given)
            return
        rest = self._given(id, payload, reply.model_copy(update={"text": ""}), native=native)["blocks"]
        if not self._streaming.sent(id, payload, reply, given, rest):
            self._client.chat_postMessage(**given)

    def _given(self, id: str, payload: Payload, reply: Reply, *, native: bool) -> dict[str, Any]:
        """The message. What tells that it is the answer to one thing that came in goes with it."""
        text, blocks = blocks_of(reply, self._link, payload.get("root") or "", mark_of(id), native=native)
        given: dict[str, Any] = {"channel": payload["channel"], "text": text, "blocks": blocks, "unfurl_links": False}
        given["metadata"] = {"event_type": "desk_reply", "event_payload": {"incoming": id}}
        return given | ({"thread_ts": payload["reply_in"]} if payload.get("reply_in") else {})

    def _only_to_asker(self, payload: Payload, given: dict[str, Any]) -> None:
        """A reply only the asker sees; where Slack does not show it there, by direct message. In a thread such a reply
        is shown only where somebody has answered already, so to what begins one it stands in the Slack channel."""
        given = {name: value for name, value in given.items() if name != "metadata"}
        if payload.get("begins"):
            given.pop("thread_ts", None)
        try:
            self._client.chat_postEphemeral(user=payload["user"], **given)
        except SlackApiError as error:
            if passing(error) or refuses_blocks(error):
                raise
            given.pop("thread_ts", None)
            self._client.chat_postMessage(**{**given, "channel": payload["user"]})


def mark_of(id: str) -> str:
    """What tells blocks made for one thing that came in from those made for another."""
    return hashlib.sha256(id.encode()).hexdigest()[:12]


def _place(payload: Payload) -> Payload:
    """Where what was written down was pressed, as the modal keeps it."""
    message = payload.get("message") or {}
    return {
        "channel": payload["channel"], "thread": payload.get("reply_in") or "", "ts": message.get("ts") or "",
        "alone": False, "root": payload.get("root") or "", "origin": payload.get("origin") or {},
    }  # fmt: skip
