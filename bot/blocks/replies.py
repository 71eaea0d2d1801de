"""Replies as Slack shows them: Block Kit within its limits, and a plain text for notifications and screen readers.

Quotations are rich text, whose words Slack takes literally: nothing in a paper or a question can become a mention, a
link or a format. Text that Slack does parse is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from handlers.messages import Citation, Mark, Reply, Table
from knowledge.dates import in_words
from knowledge.models import LEFT_OUT

Block = dict[str, Any]

MOST_BLOCKS = 50
_SECTION = 2_900
_FIRST_QUOTE = 2_600
_OTHER_QUOTE = 300
_FIELDS = 10
_LONGEST_FIELD = 1_900
_LABEL = 75
_VALUE = 2_000

OPEN_PASSAGE = "open_passage"
CHOOSE = "choose"


def escaped(text: str) -> str:
    """Text in which Slack finds no mention, link or entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def blocks_of(reply: Reply, link: str = "") -> tuple[str, list[Block]]:
    """The fallback text and the blocks of a reply. `link`: the desk's public address; without one, places become
    buttons that open the words in a modal."""
    blocks: list[Block] = []
    if reply.text:
        blocks.append(_section(escaped(reply.text)))
    if reply.table:
        blocks += _table(reply.table, link)
    shown = [citation for citation in reply.citations if citation.quote is not None]
    for number, citation in enumerate(shown):
        if number == 1:
            blocks.append(_context("*Also in the papers*"))
        blocks += _citation(citation, _FIRST_QUOTE if number == 0 else _OTHER_QUOTE, link)
    if reply.choices:
        blocks.append(_choices(reply))
    if reply.notes:
        blocks.append(_context("\n".join(escaped(note) for note in reply.notes)))
    return fallback(reply), blocks[:MOST_BLOCKS]


def fallback(reply: Reply) -> str:
    """The reply in plain words, for where blocks are not shown."""
    parts = [reply.text]
    if reply.citations and reply.citations[0].quote is not None:
        first = reply.citations[0]
        parts.append(f"“{_cut(first.quote or '', 500)}” — {first.locator}, {first.title}")
    parts += reply.notes
    return _bounded(escaped("\n".join(part for part in parts if part)), 3_500)


def passage_modal(locator: str, title: str, text: str) -> Block:
    """A modal with the whole words of a passage."""
    chunks = [text[at : at + _SECTION] for at in range(0, len(text), _SECTION)][:90]
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": _cut(locator, 24)},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": [_context(f"*{escaped(_cut(locator, 200))}* · {escaped(_cut(title, 300))}")]
        + [{"type": "section", "text": {"type": "plain_text", "text": chunk, "emoji": False}} for chunk in chunks],
    }


def _table(table: Table, link: str) -> list[Block]:
    """A card as fields, ten to a section; rows as a section each."""
    if table.card:
        fields = [_field(*row) for row in table.rows]
        return [{"type": "section", "fields": fields[at : at + _FIELDS]} for at in range(0, len(fields), _FIELDS)]
    blocks = [_section(_row(table.columns, row)) for row in table.rows]
    if table.more:
        where = f"Ask <{link}/|on the web> and all of them come as a file." if link else ""
        blocks.append(_context(f"{len(table.rows)} of {table.total:,} are shown. {where}".strip()))
    return blocks


def _field(name: str, said: str) -> Block:
    return {"type": "mrkdwn", "text": _bounded(f"*{escaped(name)}*\n{escaped(said)}", _LONGEST_FIELD)}


def _row(columns: Sequence[str], row: Sequence[str]) -> str:
    """A contract's title and reference, and under it what else its row says."""
    title, reference, *rest = row
    more = [f"{escaped(name)}: {escaped(said)}" for name, said in zip(columns[2:], rest, strict=True) if said]
    return f"*{escaped(title)}* ({escaped(reference)})\n" + " · ".join(more)


def _citation(citation: Citation, longest: int, link: str) -> list[Block]:
    quote = citation.quote or ""
    small = [f"*{escaped(citation.locator)}*", escaped(citation.title)]
    small += [escaped(part) for part in (in_words(citation.published), citation.status) if part]
    if citation.page:
        small.append(f"page {citation.page}")
    if citation.note:
        small.append(f":warning: {escaped(citation.note)}")
    if citation.also_in:
        small.append("also in " + escaped("; ".join(citation.also_in)))
    if link and citation.path:
        small.append(f"<{link}{citation.path}|see it in its place>")
    blocks = [_quotation(_cut(quote, longest), citation.marks), _context(" · ".join(small))]
    if not (link and citation.path) or len(quote) > longest:
        blocks.append(
            {"type": "actions", "elements": [_button("Open the passage", OPEN_PASSAGE, citation.passage, citation)]}
        )
    return blocks


def _quotation(text: str, marks: Sequence[Mark]) -> Block:
    elements: list[Block] = []
    at = 0
    for mark in marks:
        if mark.end > len(text) - 1:
            break
        if mark.start > at:
            elements.append({"type": "text", "text": text[at : mark.start]})
        elements.append({"type": "text", "text": text[mark.start : mark.end], "style": {"bold": True}})
        at = mark.end
    if at < len(text):
        elements.append({"type": "text", "text": text[at:]})
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": elements}]}


def _choices(reply: Reply) -> Block:
    buttons = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": _cut(choice.label, _LABEL)},
            "action_id": f"{CHOOSE}:{number}",
            "value": choice.text[:_VALUE],
        }
        for number, choice in enumerate(reply.choices[:5])
    ]
    return {"type": "actions", "elements": buttons}


def _button(text: str, action: str, value: str, citation: Citation) -> Block:
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": text},
        "action_id": action,
        "value": value[:_VALUE],
        "accessibility_label": _cut(f"{text}: {citation.locator} of {citation.title}", _LABEL),
    }


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _bounded(text)}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": _bounded(text)}]}


def _bounded(text: str, longest: int = _SECTION) -> str:
    """Text that Slack parses, cut so that no half of an entity or of a link is left at its end."""
    return text if len(text) <= longest else re.sub(r"(&\w*|<[^>]*)$", "", text[:longest])


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    kept = text[: longest - 2].rsplit(" ", 1)[0] if " " in text[: longest - 2] else text[: longest - 2]
    return kept.rstrip(" …") + LEFT_OUT.rstrip()
