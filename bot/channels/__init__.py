"""Ways of delivery. A channel sends one letter at a time and says what became of it; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from bot.settings import Settings
from handlers.letters import Letter
from handlers.messages import Choice
from knowledge.store import Store
from knowledge.subscriptions.endpoint import WEBHOOK

LinkFor = Callable[[Choice, Letter], str]
"""Where a button of a letter leads for its reader, where buttons have to be links; "" for nowhere."""


class Again(Exception):
    """It could not be sent now. `reason`: a few fixed words, for they are stored and logged; `after`: not before then,
    None where the channel has no opinion; `whole_channel`: nothing else would leave either."""

    def __init__(self, reason: str, after: timedelta | None = None, whole_channel: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.after, self.whole_channel = reason, after, whole_channel


class Never(Exception):
    """It cannot be sent. `reason`: a few fixed words; `unreachable`: nothing arrives at that address, whatever one
    sends; otherwise something is wrong with this letter."""

    def __init__(self, reason: str, unreachable: bool) -> None:
        super().__init__(reason)
        self.reason, self.unreachable = reason, unreachable


class Channel(Protocol):
    """A way of delivery. Used by several threads at once."""

    def send(self, letter: Letter, again: bool) -> dict[str, Any]:
        """Sends, and gives the place where it now stands. `again`: an earlier try may have left. Raises Again or
        Never."""
        ...


def channels_of(settings: Settings) -> frozenset[str]:
    """The channels to people that these settings switch on; where they switch on none, the screen."""
    email = settings.notify_key.get_secret_value() or settings.smtp_host
    on = {"slack": settings.slack_bot_token.get_secret_value(), "email": email}
    return frozenset(name for name, given in on.items() if given) or frozenset({"screen"})


def open_channels(
    settings: Settings, link_for: LinkFor, store: Callable[[], Store] | None = None
) -> dict[str, Channel]:
    """The same, by name, ready to send; and, where there is a record of endpoints, the one to them."""
    found = {name: _OPENERS[name](settings, link_for) for name in sorted(channels_of(settings))}
    return found | ({WEBHOOK: _webhook(settings, store)} if store else {})


def lanes_of(channel: str, urgent: bool) -> int:
    """How many threads of a worker send on a channel. Several to strangers' servers, some of which are slow, and none
    for what is urgent: nothing that goes there is."""
    if channel != WEBHOOK:
        return 1
    return 0 if urgent else 4


def _slack(settings: Settings, link_for: LinkFor) -> Channel:
    from bot.channels.slack import SlackChannel

    return SlackChannel(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, settings.url)


def _email(settings: Settings, link_for: LinkFor) -> Channel:
    """GOV.UK Notify where its key is set, else the mail server."""
    if settings.notify_key.get_secret_value():
        from bot.channels.notify import NotifyChannel, notify_of

        return NotifyChannel(notify_of(settings), link_for)
    from bot.channels.smtp import SmtpChannel, server_of

    return SmtpChannel(server_of(settings), settings.mail_from, link_for)


def _screen(settings: Settings, link_for: LinkFor) -> Channel:
    from bot.channels.screen import ScreenChannel

    return ScreenChannel()


def _webhook(settings: Settings, store: Callable[[], Store]) -> Channel:
    from bot.channels.webhook import WebhookChannel
    from bot.outgoing import Outgoing

    return WebhookChannel(store, Outgoing(loopback=settings.webhook_loopback))


_OPENERS: dict[str, Callable[[Settings, LinkFor], Channel]] = {"slack": _slack, "email": _email, "screen": _screen}
