"""Socket Mode, left gently."""

from __future__ import annotations

import threading

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.logs import log, where_of
from bot.slack.client import passing

_FIRST, _LONGEST = 1.0, 60.0
"""Seconds until a first try to connect is made again; each wait is twice the one before, up to the longest."""


class Gently(SocketModeHandler):
    """Bolt's handler. Of itself it closes the connection first, so that what is in hand cannot be acknowledged any
    more: Slack sends it again, and meanwhile tells whoever pressed that the app does not answer."""

    def connect_when_there(self, stopped: threading.Event) -> bool:
        """Connects; where Slack is away, tries again until it is there. False where it was stopped before. Raises
        SlackApiError where Slack refuses the token: trying again would not help."""
        wait = _FIRST
        while not stopped.is_set():
            try:
                self.client.wss_uri = None  # one that was given out does not stay good
                self.connect()  # type: ignore[no-untyped-call]
                return True
            except Exception as error:
                if isinstance(error, SlackApiError) and not passing(error):
                    raise
                log.warning("slack", state="not connected", error=type(error).__name__, where=where_of(error))
                stopped.wait(wait)
                wait = min(2 * wait, _LONGEST)
        return False

    def close(self) -> None:
        """Takes nothing new, finishes and acknowledges what is in hand, then disconnects."""
        client = self.client
        client.auto_reconnect_enabled = False
        client.closed = True  # ends the loop that hands out what has come: Slack gives the rest to whoever is connected
        client.message_processor.shutdown()  # type: ignore[no-untyped-call]
        client.message_workers.shutdown()
        super().close()  # type: ignore[no-untyped-call]
