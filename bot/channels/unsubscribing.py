"""How a reader stops what is sent to them: one click in the mail program (RFC 8058), and links in the letter."""

from __future__ import annotations

from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import Any

from bot.channels import LinkFor
from handlers.letters import Letter
from handlers.messages import Choice

STOP = Choice(label="Stop these alerts", action="unsubscribe")
MANAGE = Choice(label="Change or pause your alerts", action="manage_alerts")
_LONGEST_LINE = 998
"""Characters of a line of an e-mail (RFC 5322)."""


class _Whole(UnstructuredHeader, BaseHeader):
    """A header on one line: Python would break a long address into encoded words, and no mail program would find it."""

    max_count = 1

    def fold(self, *, policy: Policy[Any]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _registry() -> HeaderRegistry:
    found = HeaderRegistry()
    found.map_to_type("list-unsubscribe", _Whole)
    return found


POLICY = SMTP.clone(header_factory=_registry())
"""The policy of e-mails that hold these headers."""


def one_click(letter: Letter, link_for: LinkFor) -> str:
    """The address that stops a letter's subscriptions by a POST, "" for none. With no public address of the desk there
    is none."""
    return link_for(STOP, letter) if letter.unsubscribe else ""


def footer(letter: Letter) -> tuple[Choice, ...]:
    """The choices that every letter somebody subscribed to ends with: its own, and those it lacks."""
    own = tuple(one for one in letter.reply.choices if one.action in (STOP.action, MANAGE.action))
    lacking = tuple(one for one in (STOP, MANAGE) if one.action not in {choice.action for choice in own})
    return own + lacking if letter.unsubscribe else ()


def write_headers(mail: EmailMessage, letter: Letter, link_for: LinkFor, sender: Address) -> None:
    """Writes what mail programs need for their own button, and what keeps out-of-office replies away."""
    if not letter.unsubscribe:
        return
    address = one_click(letter, link_for)
    mail["List-Id"] = f"Alerts <alerts.{sender.domain}>"
    mail["Precedence"] = "bulk"
    if address and len(address) < _LONGEST_LINE - 20:
        mail["List-Unsubscribe"] = f"<{address}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
