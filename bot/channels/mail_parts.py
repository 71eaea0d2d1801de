"""What a letter says as an e-mail, in its parts, before it is text or a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.channels import LinkFor
from bot.channels.unsubscribing import footer
from bot.terminal import clean, place_of
from handlers.letters import Letter
from handlers.messages import Choice, Citation, Group, Reply
from handlers.telling.reader import opening


class Quote(NamedTuple):
    """Words of a paper, and where they stand."""

    words: str
    place: str


class Link(NamedTuple):
    """What pressing it does, and where it leads."""

    label: str
    address: str


class Entry(NamedTuple):
    """One intention of a round-up, where its page is, and what is said of it."""

    title: str
    reference: str
    address: str
    lines: tuple[str, ...]


class Part(NamedTuple):
    """Intentions of a round-up under a heading."""

    heading: str
    entries: tuple[Entry, ...]


class Parts(NamedTuple):
    """What an e-mail says. `cells`: a card, or what was and is now, with its `columns`; `rows`: any other table;
    `footer`: links that stand below the small print."""

    subject: str
    paragraphs: tuple[str, ...]
    rows: tuple[str, ...]
    quotes: tuple[Quote, ...]
    links: tuple[Link, ...]
    notes: tuple[str, ...]
    columns: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    groups: tuple[Part, ...] = ()
    footer: tuple[Link, ...] = ()


def parts_of(letter: Letter, link_for: LinkFor) -> Parts:
    """What an e-mail says. A choice that leads nowhere is left out."""
    reply, last = letter.reply, footer(letter)
    above = [one for one in reply.choices if one not in last]
    table = reply.table if reply.table and (reply.table.card or reply.table.source == "change") else None
    return Parts(
        subject=on_line(letter.subject),
        paragraphs=tuple(on_line(line) for line in reply.text.splitlines() if line.strip()),
        rows=tuple(_rows(reply)),
        quotes=tuple(_quote(citation) for citation in reply.citations if citation.quote),
        links=tuple(_links(above, letter, link_for)),
        notes=tuple(on_line(note) for note in reply.notes),
        columns=tuple(map(on_line, table.columns)) if table and any(map(on_line, table.columns)) else (),
        cells=tuple(tuple(map(on_line, row)) for row in table.rows) if table else (),
        groups=tuple(_part(group, letter, link_for) for group in reply.groups),
        footer=tuple(_links(last, letter, link_for)),
    )


def _links(choices: Iterable[Choice], letter: Letter, link_for: LinkFor) -> Iterator[Link]:
    for choice in choices:
        if address := link_for(choice, letter):
            yield Link(on_line(choice.label), address)


def _part(group: Group, letter: Letter, link_for: LinkFor) -> Part:
    """A group of a round-up, each of its intentions with a link to its page."""
    return Part(
        on_line(group.heading),
        tuple(
            Entry(
                on_line(one.title), on_line(one.reference), link_for(opening(one.reference), letter),
                tuple(map(on_line, one.lines)),
            )
            for one in group.items
        ),
    )  # fmt: skip


def _rows(reply: Reply) -> list[str]:
    """A table's rows as lines: what each column says."""
    if reply.table is None or reply.table.card or reply.table.source == "change":
        return []
    columns = reply.table.columns
    rows = ([f"{name}: {said}" for name, said in zip(columns, row, strict=True) if said] for row in reply.table.rows)
    return [on_line("; ".join(row)) for row in rows]


def _quote(citation: Citation) -> Quote:
    place = " · ".join(part for part in (citation.locator, citation.title, place_of(citation)) if part)
    return Quote(clean(citation.quote or "", keep="\n").strip(), on_line(place))


def on_line(text: str) -> str:
    """Text on one line, without what could begin another header or move a terminal's cursor."""
    return " ".join(clean(text).split())
