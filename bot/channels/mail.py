"""A letter as an e-mail: plain text, and the same as a plain page. No pictures, and nothing that tells who read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, Template

from bot.channels import LinkFor, Never
from bot.channels.unsubscribing import POLICY, footer, write_headers
from bot.terminal import clean, place_of
from handlers.letters import Letter
from handlers.messages import Choice, Citation, Reply


class Quote(NamedTuple):
    """Words of a paper, and where they stand."""

    words: str
    place: str


class Link(NamedTuple):
    """What pressing it does, and where it leads."""

    label: str
    address: str


class Parts(NamedTuple):
    """What an e-mail says, in its order."""

    subject: str
    paragraphs: tuple[str, ...]
    rows: tuple[str, ...]
    quotes: tuple[Quote, ...]
    links: tuple[Link, ...]
    notes: tuple[str, ...]
    footer: tuple[Link, ...] = ()


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
    mail.set_content(_as_text(parts))
    mail.add_alternative(_page().render(parts._asdict()), subtype="html")
    return mail


def parts_of(letter: Letter, link_for: LinkFor) -> Parts:
    """What an e-mail says. A choice that leads nowhere is left out."""
    reply, last = letter.reply, footer(letter)
    above = [one for one in reply.choices if one not in last]
    return Parts(
        subject=_line(letter.subject),
        paragraphs=tuple(_line(line) for line in reply.text.splitlines() if line.strip()),
        rows=tuple(_rows(reply)),
        quotes=tuple(_quote(citation) for citation in reply.citations if citation.quote),
        links=tuple(_links(above, letter, link_for)),
        notes=tuple(_line(note) for note in reply.notes),
        footer=tuple(_links(last, letter, link_for)),
    )


def _links(choices: Iterable[Choice], letter: Letter, link_for: LinkFor) -> Iterator[Link]:
    for choice in choices:
        if address := link_for(choice, letter):
            yield Link(_line(choice.label), address)


def _recipient(letter: Letter) -> Address:
    try:
        return Address(_line(letter.name), addr_spec=mail_address(letter))
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


def _rows(reply: Reply) -> list[str]:
    """A table's rows as lines: what each column says."""
    if reply.table is None:
        return []
    if reply.table.card:
        return [_line(": ".join(row)) for row in reply.table.rows]
    columns = reply.table.columns
    rows = ([f"{name}: {said}" for name, said in zip(columns, row, strict=True) if said] for row in reply.table.rows)
    return [_line("; ".join(row)) for row in rows]


def _quote(citation: Citation) -> Quote:
    place = " · ".join(part for part in (citation.locator, citation.title, place_of(citation)) if part)
    return Quote(clean(citation.quote or "", keep="\n").strip(), _line(place))


def _as_text(parts: Parts) -> str:
    blocks = [*parts.paragraphs]
    if parts.rows:
        blocks.append("\n".join(f"- {row}" for row in parts.rows))
    blocks += [f"“{quote.words}”\n{quote.place}" for quote in parts.quotes]
    blocks += [f"{link.label}:\n{link.address}" for link in parts.links]
    last = [f"{link.label}:\n{link.address}" for link in parts.footer]
    return "\n\n".join((*blocks, *parts.notes, *last)) + "\n"


@cache
def _page() -> Template:
    text = files("bot").joinpath("data", "mail.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)


def _line(text: str) -> str:
    """Text on one line, without what could begin another header or move a terminal's cursor."""
    return " ".join(clean(text).split())
