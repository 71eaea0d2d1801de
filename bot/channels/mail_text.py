"""An e-mail's parts as plain text."""

from __future__ import annotations

from bot.channels.mail_parts import Entry, Link, Part, Parts


def as_text(parts: Parts) -> str:
    """The whole of it, a blank line between what belongs together."""
    blocks = [*parts.paragraphs, *_cells_as_text(parts)]
    if parts.rows:
        blocks.append("\n".join(f"- {row}" for row in parts.rows))
    blocks += [block for part in parts.groups for block in _part_as_text(part)]
    blocks += [f"“{quote.words}”\n{quote.place}" for quote in parts.quotes]
    blocks += _links_as_text(parts.links)
    return "\n\n".join((*blocks, *parts.notes, *_links_as_text(parts.footer))) + "\n"


def _links_as_text(links: tuple[Link, ...]) -> list[str]:
    return [f"{link.label}:\n{link.address}" for link in links]


def _cells_as_text(parts: Parts) -> list[str]:
    """A card, a line a field; of what has changed, what was and what is now below each other."""
    if not parts.columns:
        return ["\n".join(": ".join(row) for row in parts.cells)] if parts.cells else []
    return [
        "\n".join((row[0], *(f"  {_under(name)}{said}" for name, said in zip(parts.columns[1:], row[1:], strict=True))))
        for row in parts.cells
    ]


def _under(heading: str) -> str:
    return f"{heading.lower()}: " if heading else ""


def _part_as_text(part: Part) -> list[str]:
    heading = f"{part.heading.upper()}\n{'-' * len(part.heading)}"
    return [heading, *("\n".join(_entry_as_text(one)) for one in part.entries)]


def _entry_as_text(one: Entry) -> list[str]:
    return [f"{one.title} ({one.reference})", *(f"  {line}" for line in (*one.lines, one.address) if line)]
