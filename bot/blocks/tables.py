"""Rows of the register and of lists, and cards."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.buttons import OPEN_PASSAGE, button, choice_button
from bot.blocks.text import SECTION, Block, bounded, context, cut, escaped, section
from handlers.messages import Reply, Table
from handlers.timeline_cells import page_of as timeline_page

_FIELDS = 10
_LONGEST_FIELD = 1_900
_FACTS = "facts:"
_SUBJECT = 180
"""Characters of what a row is about: thirty of them fit into a message, and the passage has the rest."""


def table_blocks(table: Table, link: str) -> list[Block]:
    """A card as fields, ten to a section, and so what was and what is now; rows as a section each."""
    if table.card or table.source == "change":
        return _card(table)
    if table.source == "concerns":
        return _lines(table)
    blocks = [section(_row(table.columns, row, _page(table, row, link))) for row in table.rows]
    if table.more:
        where = f"Ask <{link}/|on the web> and all of them come as a file." if link else ""
        if table.page:
            where = f"All of them: <{link}{table.page}|on the timeline>." if link else ""
        blocks.append(context(f"{len(table.rows)} of {table.total:,} are shown. {where}".strip()))
    return blocks


def _lines(table: Table) -> list[Block]:
    """A line a row: many small rows, which are only to be looked at."""
    lines = [f"*{escaped(row[0])}* " + " · ".join(map(escaped, filter(None, row[1:]))) for row in table.rows]
    blocks = [section(bounded("\n".join(lines), SECTION))]
    if table.more:
        blocks.append(context(f"{len(table.rows)} of {table.total:,} are shown, the newest."))
    return blocks


def _card(table: Table) -> list[Block]:
    fields = [_field(row[0], _was_and_is(table, row) if table.source == "change" else row[1]) for row in table.rows]
    return [
        {"type": "section", "block_id": f"{_FACTS}{at}", "fields": fields[at : at + _FIELDS]}
        for at in range(0, len(fields), _FIELDS)
    ]


def _was_and_is(table: Table, row: Sequence[str]) -> str:
    return "\n".join(f"{name.lower()}: {said}" for name, said in zip(table.columns[1:], row[1:], strict=True))


def is_card(block: Block) -> bool:
    """Whether a block of a message is part of a card."""
    return str(block.get("block_id", "")).startswith(_FACTS)


def rows_with_buttons(reply: Reply) -> tuple[Reply, list[Block]]:
    """Rows whose second column is what a button is about have that button beside them: those rows, and the reply less
    those buttons. No rows where the reply's are none of these."""
    table = reply.table
    opens = {choice.about: choice for choice in reply.choices if choice.action == "open"}
    if table is None or table.card or not all(row[1] in opens for row in table.rows):
        return reply, []
    blocks = []
    for number, row in enumerate(table.rows):
        choice = opens[row[1]].model_copy(update={"label": "Open"})
        blocks.append({**section(_row(table.columns, row)), "accessory": choice_button(choice, number)})
    if table.more:
        blocks.append(context(f"{len(table.rows)} of {table.total:,} are shown."))
    others = tuple(choice for choice in reply.choices if choice.action != "open")
    return reply.model_copy(update={"choices": others}), blocks


def paper_rows(reply: Reply, link: str) -> list[Block]:
    """Rows of a paper's table, each with its place: a link where one leads there, else a button that opens it."""
    if reply.table is None:
        return []
    blocks = []
    for row, citation in zip(reply.table.rows, reply.citations, strict=False):
        page = f"{link}{citation.path}" if link and citation.path else ""
        block = section(_row(reply.table.columns, (cut(row[0], _SUBJECT), *row[1:]), page))
        if not page:
            spoken = f"Open the passage: {citation.locator} of {citation.title}"
            block["accessory"] = button("Open", OPEN_PASSAGE, citation.passage, spoken=spoken)
        blocks.append(block)
    return blocks


def _field(name: str, said: str) -> Block:
    return {"type": "mrkdwn", "text": bounded(f"*{escaped(name)}*\n{escaped(said)}", _LONGEST_FIELD)}


def _page(table: Table, row: Sequence[str], link: str) -> str:
    """Where a row's title leads, "" for nowhere."""
    return f"{link}{timeline_page(row[1])}" if link and table.source == "timeline" else ""


def _row(columns: Sequence[str], row: Sequence[str], page: str = "") -> str:
    """A title and a reference, once where the title begins with it, and under it what else its row says. `page`: where
    the title leads."""
    title, reference, *rest = row
    more = [f"{escaped(name)}: {escaped(said)}" for name, said in zip(columns[2:], rest, strict=True) if said]
    named = f"<{page}|{escaped(title)}>" if page else escaped(title)
    said = "" if title.startswith(f"{reference} ") else f" ({escaped(reference)})"
    return f"*{named}*{said}\n" + " · ".join(more)
