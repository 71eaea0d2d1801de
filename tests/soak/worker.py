"""`desk work`, whose webhooks may go to this machine: the desk itself refuses that where it speaks to Slack too."""

from __future__ import annotations

from collections.abc import Callable

from bot import channels
from bot.commands.working import work
from bot.settings import Settings
from knowledge.store import Store


def _webhook(settings: Settings, store: Callable[[], Store]) -> channels.Channel:
    from bot.channels.webhook import WebhookChannel
    from bot.outgoing import Outgoing

    return WebhookChannel(store, Outgoing(loopback=True))


if __name__ == "__main__":
    channels._webhook = _webhook
    _EXPECTED_ENDS = ("Away", "StoreError")
    try:
        work()
    except Exception as error:  # as bot/__main__.py
        if type(error).__name__ not in _EXPECTED_ENDS:
            raise
        raise SystemExit(1) from None
