"""A reply as a message, and a message that is brought up to date after a press."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.buttons import choice_blocks, is_buttons
from bot.blocks.checklists import checklist_blocks
from bot.blocks.concerns import happened_blocks, paper_blocks
from bot.blocks.groups import group_blocks
from bot.blocks.quoting import citation_blocks, intention_line, written_blocks
from bot.blocks.rating import rating_blocks, with_person
from bot.blocks.tables import is_card, paper_rows, rows_with_buttons, table_blocks
from bot.blocks.text import Block, bounded, context, cut, escaped, section, with_channel
from handlers.messages import Citation, Outcome, Reply

MOST_BLOCKS = 50
_FIRST_QUOTE = 2_600
_OTHER_QUOTE = 300
_LISTS = 9_000
"""Characters that the quotations of a message may have together: Slack refuses a message of about 13,000."""
_NOTES = "notes"
_DONE = "done:"
_MOST_DONE = 8
"""Lines of what was done that a message keeps."""


def blocks_of(
    reply: Reply, link: str = "", root: str = "", mark: str = "", *, native: bool = False
) -> tuple[str, list[Block]]:
    """The fallback text and the blocks of a reply. `link`: the desk's public address; without one, places become
    buttons that open the words in a modal. `root`: the message it answers, for its buttons to tell; `mark`: what tells
    it from what stood there before; `native`: Slack's own feedback buttons are to be had."""
    reply, rows = rows_with_buttons(with_person(reply))
    blocks: list[Block] = []
    if reply.text:
        blocks.append(section(escaped(reply.text)))
    to_take_away = reply.outcome is Outcome.CHECKLIST
    for written in reply.written:
        blocks += written_blocks(written, 0 if to_take_away else _FIRST_QUOTE)
    blocks += checklist_blocks(reply.checklist, link) if reply.checklist else []
    of_a_paper = bool(reply.table and reply.table.source == "documents")
    rows = paper_rows(reply, link) if of_a_paper else rows
    blocks += rows or (table_blocks(reply.table, link) if reply.table else [])
    blocks += happened_blocks(reply.happened) + paper_blocks(reply, link)
    shown = [citation for citation in reply.citations if citation.quote is not None and not of_a_paper]
    blocks += group_blocks(reply.groups, link)
    if reply.citations and reply.citations[0].source == "timeline" and not _is_rows(reply):
        blocks += [context(intention_line(one, link)) for one in reply.citations if one.source == "timeline"]
    together = len(shown) > 1 and all(citation.items for citation in shown)
    for number, (citation, longest) in enumerate(zip(shown, _lengths(shown), strict=True)):
        if number == 1 and not together:
            blocks.append(context("*Also in the papers*"))
        blocks += citation_blocks(citation, longest, link)
    last = [*_notes(reply, mark), *choice_blocks(reply.choices, root, mark)]
    last += rating_blocks(reply, mark, native=native)
    return fallback(reply), blocks[: MOST_BLOCKS - len(last)] + last


def _lengths(shown: Sequence[Citation]) -> list[int]:
    """How much of each quotation a message holds: most of the first, a little of the others; lists whole as far as all
    of them fit, for half a list misleads."""
    lengths, left = [], _LISTS
    for number, citation in enumerate(shown):
        whole = len(citation.quote or "") if citation.items else 0
        fits = number == 0 or (whole <= _FIRST_QUOTE and whole <= left)
        lengths.append(_FIRST_QUOTE if fits and (whole or not number) else _OTHER_QUOTE)
        left -= min(len(citation.quote or ""), lengths[-1])
    return lengths


def renewed(blocks: Sequence[Block], reply: Reply, link: str, root: str, mark: str) -> list[Block]:
    """A message's blocks after a press: what it said, what was done, and the buttons that apply now; of a card, the
    card as it is now. `mark`: of this press; the same press twice is told once."""
    if reply.outcome is Outcome.CHECKLIST:
        return blocks_of(reply, link, root, mark)[1]
    if reply.table and reply.table.card and any(is_card(block) for block in blocks):
        return blocks_of(reply, link, root, mark)[1]
    said = [block for block in blocks if not is_buttons(block) and not _is(block, _NOTES)]
    done = [block for block in said if _is(block, _DONE) and block["block_id"] != f"{_DONE}{mark}"]
    kept = [block for block in said if not _is(block, _DONE)]
    done.append({**section(escaped(reply.text)), "block_id": f"{_DONE}{mark}"})
    last = [*done[-_MOST_DONE:], *_notes(reply, mark), *choice_blocks(reply.choices, root, mark)]
    return kept[: MOST_BLOCKS - len(last)] + last


def fallback(reply: Reply) -> str:
    """The reply in plain words, for where blocks are not shown."""
    parts = [reply.text]
    if reply.citations and reply.citations[0].quote is not None:
        first = reply.citations[0]
        parts.append(f"“{cut(first.quote or '', 500)}” — {first.locator}, {first.title}")
    parts += reply.notes
    said = escaped("\n".join(part for part in parts if part))
    return bounded(with_channel(said, reply.slack_channel), 3_500)


def _notes(reply: Reply, mark: str) -> list[Block]:
    notes = "\n".join(filter(str.strip, reply.notes))
    if not notes:
        return []
    said = with_channel(escaped(notes), reply.slack_channel)
    return [{**context(said), "block_id": f"{_NOTES}:{mark}"}]


def _is_rows(reply: Reply) -> bool:
    """Whether intentions stand in rows, each of which leads to its own page."""
    return bool(reply.table and reply.table.source == "timeline" and not reply.table.card)


def _is(block: Block, what: str) -> bool:
    return str(block.get("block_id", "")).startswith(what)
