"""A letter as an e-mail: plain text, and the same as a plain page. No pictures, and nothing that tells who read it."""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, Template

from bot.channels import LinkFor, Never
from bot.channels.mail_parts import on_line, parts_of
from bot.channels.mail_text import as_text
from bot.channels.unsubscribing import POLICY, write_headers
from handlers.letters import Letter


def mail_of(letter: Letter, sender: Address, link_for: LinkFor, now: datetime) -> EmailMessage:
    """The e-mail. Its Message-ID is the notification's on every try. Raises Never where the address is none."""
    parts = parts_of(letter, link_for)
    mail = EmailMessage(policy=POLICY)
    mail["Message-ID"] = f"<{letter.id}@{sender.domain}>"
    mail["Date"] = format_datetime(now)
    mail["From"] = sender
    mail["To"] = _recipient(letter)
    mail["Subject"] = parts.subject
    mail["Auto-Submitted"] = "auto-generated"
    write_headers(mail, letter, link_for, sender)
    mail.set_content(as_text(parts))
    mail.add_alternative(_page().render(parts._asdict()), subtype="html")
    return mail


def _recipient(letter: Letter) -> Address:
    try:
        return Address(on_line(letter.name), addr_spec=mail_address(letter))
    except (ValueError, IndexError, MessageError):
        raise Never("not an e-mail address", unreachable=True) from None


def mail_address(letter: Letter) -> str:
    """Where the e-mail goes. Raises Never where there is no such address, or one that mail servers without SMTPUTF8
    do not take."""
    address = letter.email or letter.address
    if "@" not in address:
        raise Never("no e-mail address", unreachable=True)
    if not address.isascii():
        raise Never("not an e-mail address", unreachable=True)
    return address


@cache
def _page() -> Template:
    text = files("bot").joinpath("data", "mail.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
