"""E-mail by GOV.UK Notify, in place of a mail server of the council's own."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol, cast

from bot.channels import LinkFor, Never
from bot.channels.mail import mail_address
from bot.channels.mail_parts import Link, Parts, parts_of
from bot.channels.mail_text import as_text
from bot.channels.notify_errors import said_plainly
from bot.channels.unsubscribing import one_click
from bot.settings import Settings
from handlers.letters import Letter
from knowledge.outbox.addresses import is_no_reply
from knowledge.parties import is_email

PATIENCE = 20.0
"""Seconds to wait for Notify's next word. A letter may take two calls: less than its lease."""
PLACEHOLDERS = ("subject", "body", "links")
"""What the template must hold."""
_FROM_OTHERS = ["subject", "body"]
"""Placeholders that may hold what others wrote: Notify takes the Markdown and the addresses out of them."""
_NOT_OURS = re.compile(r"\S*(?://|www\.)\S*|[][()#*_`<>~|^\\]")


class Notify(NamedTuple):
    """A service at Notify. `reply_to`: the id of an address there, "" for the service's own."""

    key: str
    template: str
    url: str
    reply_to: str = ""
    patience: float = PATIENCE


class Client(Protocol):
    """What of Notify's client is used; it has no types of its own."""

    def send_email_notification(self, **given: Any) -> Any: ...
    def get_all_notifications(self, *, reference: str) -> Any: ...
    def get_notification_by_id(self, id: str) -> Any: ...
    def get_template(self, template_id: str) -> Any: ...


def notify_of(settings: Settings) -> Notify:
    """The service of these settings."""
    key = settings.notify_key.get_secret_value()
    return Notify(key, settings.notify_template, settings.notify_url, settings.notify_reply_to)


class Clients:
    """Notify's clients, one a thread: they are not to be shared."""

    def __init__(self, service: Notify) -> None:
        self._service = service
        self._held = threading.local()

    def mine(self) -> Client:
        """This thread's."""
        if not hasattr(self._held, "client"):
            from notifications_python_client.notifications import NotificationsAPIClient

            s = self._service
            self._held.client = NotificationsAPIClient(s.key, s.url, s.patience)  # type: ignore[no-untyped-call]
        return cast(Client, self._held.client)


class NotifyChannel:
    """Hands letters to Notify. Used by several threads at once."""

    def __init__(
        self, service: Notify, link_for: LinkFor, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._service, self._link_for, self._now = service, link_for, now
        self._clients = Clients(service)

    def send(self, letter: Letter, again: bool) -> dict[str, Any]:
        """Sends. What may have left before is looked for first, by the notification's id. `copies` of the place: how
        many Notify has been given, this one too."""
        given = self._given(letter)
        with said_plainly(self._now):
            client = self._clients.mine()
            before = client.get_all_notifications(reference=letter.id)["notifications"] if again else []
            there = next((one for one in before if not str(one["status"]).endswith("-failure")), None)
            found = there or client.send_email_notification(**given)
            return {"notify": str(found["id"]), "copies": len(before) + (there is None)}

    def _given(self, letter: Letter) -> dict[str, Any]:
        """What Notify's client takes."""
        parts = parts_of(letter, self._link_for)
        given = {
            "email_address": _recipient(letter), "template_id": self._service.template, "reference": letter.id,
            "personalisation": {"subject": parts.subject, "body": _body(parts), "links": _links(parts)},
            "sanitise_content_for": _FROM_OTHERS, "email_reply_to_id": self._service.reply_to or None,
        }  # fmt: skip
        unsubscribe = one_click(letter, self._link_for)
        return given | ({"one_click_unsubscribe_url": unsubscribe} if unsubscribe.startswith("https://") else {})


def _recipient(letter: Letter) -> str:
    address = mail_address(letter)
    if not is_email(address):
        raise Never("not an e-mail address", unreachable=True)
    if is_no_reply(address):
        raise Never("no-reply address", unreachable=True)
    return address


def _body(parts: Parts) -> str:
    """What stands above the links, as plain text: Notify takes addresses out of it."""
    groups = tuple(
        group._replace(entries=tuple(one._replace(address="") for one in group.entries)) for group in parts.groups
    )
    return as_text(parts._replace(links=(), footer=(), groups=groups)).strip()


def _links(parts: Parts) -> str:
    """Our own labels and addresses, and the references of a round-up's intentions. A label may come to quote somebody
    one day: what would be Markdown or an address there is left out."""
    entries = [Link(one.reference, one.address) for group in parts.groups for one in group.entries if one.address]
    found = ((_ours(link.label), link.address) for link in (*entries, *parts.links, *parts.footer))
    return "\n\n".join(f"{label}:\n{address}" for label, address in found)


def _ours(label: str) -> str:
    return " ".join(_NOT_OURS.sub(" ", label).split())
