"""What happened to a concern, and what is kept with it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.text import SECTION, Block, bounded, context, escaped
from handlers.messages import Happening, Reply


def happened_blocks(happened: Sequence[Happening]) -> list[Block]:
    """What happened, a line each; of very much, the latest."""
    if not happened:
        return []
    lines, length = [], 0
    for one in reversed(happened):
        line = f"{escaped(one.when)}: {escaped(one.what)}"
        length += len(line) + 1
        if length > SECTION:
            lines.append("…")
            break
        lines.append(line)
    return [context("\n".join(reversed(lines)))]


def paper_blocks(reply: Reply, link: str) -> list[Block]:
    """The files kept with a concern by name, and where they can be opened."""
    if not reply.papers:
        return []
    names = escaped(", ".join(paper.name for paper in reply.papers))
    where = f" · <{link}{page_of(reply.concern)}|open them on the web>" if link and reply.concern else ""
    return [context(f"*Kept with it:* {bounded(names, 1_500)}{where}")]


def page_of(reference: str) -> str:
    """The path of a concern's page."""
    return f"/concerns/{reference}"
