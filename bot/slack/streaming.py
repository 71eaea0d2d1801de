"""A long answer that is written before its reader's eyes: the desk's own words first, and at the end the passages, with
their places and buttons. Whatever breaks on the way, the answer comes whole, and once."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks.text import SECTION, escaped
from bot.slack.abilities import Abilities, Ability
from bot.slack.client import passing
from bot.slack.payloads import Payload
from handlers.messages import Outcome, Reply

LONG = 2_000
"""Characters of an answer from which on it is streamed: a shorter one is read before a second call has come back."""
Keep = Callable[[str, Payload], None]
"""Writes down, with what came in, what must be known should this process die."""


class Streaming:
    """Streams. `hasty`: a client that tries once, for a call tried twice would say the same words twice; `client`: one
    that tries again, for putting right what broke."""

    def __init__(self, client: WebClient, hasty: WebClient, abilities: Abilities, keep: Keep) -> None:
        self._client, self._hasty, self._abilities, self._keep = client, hasty, abilities, keep

    def sent(self, id: str, payload: Payload, reply: Reply, whole: Payload, rest: list[dict[str, Any]]) -> bool:
        """Streams an answer, and tells whether it stands there. `whole`: the message as it would be posted; `rest`: its
        blocks less the desk's own words. One that an earlier try began is made whole. Raises what slack_sdk raises
        where Slack is busy or away after the beginning."""
        if begun := str(payload.get("stream") or ""):
            return self._mended(begun, whole)
        words = _words(reply)
        if not (self._wanted(payload, reply) and (ts := self._begun(words[0], payload))):
            return False
        self._keep(id, {**payload, "stream": ts})
        try:
            for more in words[1:]:
                self._hasty.chat_appendStream(channel=payload["channel"], ts=ts, markdown_text=more)
            self._hasty.chat_stopStream(channel=payload["channel"], ts=ts, blocks=rest, metadata=whole["metadata"])
        except (SlackClientError, OSError):
            return self._mended(ts, whole)
        return True

    def _wanted(self, payload: Payload, reply: Reply) -> bool:
        """Whether it is a long answer about the papers, to something somebody wrote: Slack streams below a message."""
        return (
            reply.outcome is Outcome.ANSWERED
            and bool(_thread(payload))
            and _length(reply) >= LONG
            and self._abilities.has(Ability.STREAM, payload["channel"])
        )

    def _begun(self, words: str, payload: Payload) -> str:
        """The ts of the stream, "" where there is none: then the answer is posted as any other. Slack takes about
        twenty beginnings a minute, and where it takes no more nobody waits."""
        whom = {"recipient_user_id": payload["user"], "recipient_team_id": payload.get("team") or payload.get("home")}
        try:
            begun = self._hasty.chat_startStream(
                channel=payload["channel"], thread_ts=_thread(payload), markdown_text=words, **whom
            )
        except SlackApiError as error:
            self._abilities.learn(Ability.STREAM, payload["channel"], error)
            return ""
        except (SlackClientError, OSError):
            return ""
        return str(begun.get("ts") or "")

    def _mended(self, ts: str, whole: Payload) -> bool:
        """Makes a whole message of a stream that broke. False where it cannot be had any more, and is taken away as far
        as it can be: then the answer is posted."""
        channel = whole["channel"]
        with suppress(SlackClientError, OSError):  # it may have stopped, or Slack may have stopped it
            self._hasty.chat_stopStream(channel=channel, ts=ts)
        try:
            self._client.chat_update(
                channel=channel, ts=ts, text=whole["text"], blocks=whole["blocks"], metadata=whole["metadata"]
            )
        except SlackApiError as error:
            if passing(error):
                raise
            with suppress(SlackClientError, OSError):
                self._hasty.chat_delete(channel=channel, ts=ts)
            return False
        return True


def _thread(payload: Payload) -> str:
    """The thread a stream stands in: where the answer belongs, else below the direct message it answers, as Slack's
    agents answer; "" where there is none."""
    return str(payload.get("reply_in") or payload.get("root") or "")


def _words(reply: Reply) -> list[str]:
    """The desk's own words, sentence by sentence; of an answer that has none, where its passage stands."""
    first = reply.citations[0] if reply.citations else None
    said = reply.text or (f"{first.locator}, {first.title}:" if first else "The papers say:")
    sentences = re.findall(r".+?(?:[.?!](?=\s)|$)\s*", said[:SECTION], re.DOTALL)
    return [re.sub(r"([\\`*_~#\[\]|])", r"\\\1", escaped(one)) for one in sentences] or [escaped(said)]


def _length(reply: Reply) -> int:
    """Characters to be read."""
    return len(reply.text) + sum(len(one.quote or "") for one in reply.citations) + sum(map(len, reply.notes))
