"""What Slack shows while the desk works. Only where an answer takes longer than a moment: most are there within a tenth
of a second, and for those a status would be two more calls and a flicker."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.abilities import Abilities, Ability
from bot.slack.payloads import Payload

_MOMENT = 0.3
"""Seconds that pass before anything is shown."""
_SAYS = "is looking in the papers…"
_MEANWHILE = ["Looking in the papers…", "Looking in the register and the timeline…", "Putting the passages together…"]


class Status:
    """Shows that the desk works. `hasty`: a client that tries once, for showing; `client`: one that tries again, for
    taking away; `moment`: seconds that pass before anything is shown."""

    def __init__(self, client: WebClient, hasty: WebClient, abilities: Abilities, moment: float = _MOMENT) -> None:
        self._client, self._hasty, self._abilities, self._moment = client, hasty, abilities, moment

    @contextmanager
    def while_working(self, payload: Payload) -> Iterator[None]:
        """Shows it from a moment after the beginning, and takes it away at the end, whatever happens in between: one
        that stayed would keep its reader from writing. A message in the thread takes it away too, but an answer may go
        elsewhere, and a status that was under way meanwhile would come after it."""
        thread = _thread(payload)
        if not thread or not self._abilities.has(Ability.STATUS, payload["channel"]):
            yield
            return
        done = threading.Event()
        shown: list[bool] = []
        shows = threading.Thread(target=self._after_a_moment, args=(payload["channel"], thread, done, shown))
        shows.start()
        try:
            yield
        finally:
            done.set()
            shows.join()
            if shown:
                self._set(self._client, payload["channel"], thread, "")

    def _after_a_moment(self, channel: str, thread: str, done: threading.Event, shown: list[bool]) -> None:
        if not done.wait(self._moment) and self._set(self._hasty, channel, thread, _SAYS, _MEANWHILE):
            shown.append(True)

    def _set(
        self, client: WebClient, channel: str, thread: str, status: str, meanwhile: list[str] | None = None
    ) -> bool:
        """Whether it may stand there now: a call that timed out may have arrived."""
        try:
            client.assistant_threads_setStatus(
                channel_id=channel, thread_ts=thread, status=status, loading_messages=meanwhile
            )
        except SlackApiError as error:
            self._abilities.learn(Ability.STATUS, channel, error)
            return False
        except (SlackClientError, OSError):
            return True
        return True


def _thread(payload: Payload) -> str:
    """The message that is being answered; "" where nobody waits in a thread: after a press, a form, a command."""
    if payload.get("only_to_asker") or payload.get("action"):
        return ""
    return str(payload.get("reply_in") or payload.get("root") or "")
