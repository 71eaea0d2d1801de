"""Socket Mode, left gently."""

from __future__ import annotations

from slack_bolt.adapter.socket_mode import SocketModeHandler


class Gently(SocketModeHandler):
    """Bolt's handler. Of itself it closes the connection first, so that what is in hand cannot be acknowledged any
    more: Slack sends it again, and meanwhile tells whoever pressed that the app does not answer."""

    def close(self) -> None:
        """Takes nothing new, finishes and acknowledges what is in hand, then disconnects."""
        client = self.client
        client.auto_reconnect_enabled = False
        client.closed = True  # ends the loop that hands out what has come: Slack gives the rest to whoever is connected
        client.message_processor.shutdown()  # type: ignore[no-untyped-call]
        client.message_workers.shutdown()
        super().close()  # type: ignore[no-untyped-call]
