"""What a round-up tells of: intentions under headings, as many as a message holds."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.text import Block, context, escaped, section
from handlers.messages import Group, Item
from handlers.timeline_cells import page_of

_MOST_BLOCKS, _MOST_CHARACTERS = 42, 10_000
"""What Slack takes in one message is 50 blocks, and about 13,000 characters in all."""


def group_blocks(groups: Sequence[Group], link: str) -> list[Block]:
    """A heading, and below it a section for each intention. Where they are too many: how many more, and where."""
    blocks: list[Block] = []
    shown, length = 0, 0
    for group in groups:
        for number, one in enumerate(group.items):
            made = section(_said(one, link))
            length += len(made["text"]["text"])
            if len(blocks) >= _MOST_BLOCKS or (shown and length > _MOST_CHARACTERS):
                return [*blocks, context(_more(groups, shown, link))]
            blocks += [section(f"*{escaped(group.heading)}*"), made] if not number else [made]
            shown += 1
    return blocks


def _said(one: Item, link: str) -> str:
    named = f"<{link}{page_of(one.reference)}|{escaped(one.title)}>" if link else escaped(one.title)
    return "\n".join((f"*{named}* ({escaped(one.reference)})", *map(escaped, one.lines)))


def _more(groups: Sequence[Group], shown: int, link: str) -> str:
    left = sum(len(group.items) for group in groups) - shown
    where = f"<{link}/timeline|on the timeline>" if link else "on the timeline"
    return f"And {left:,} more than fit into one message: they stand {where}."
