"""What papers say and what people wrote, taken literally."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.buttons import OPEN_PASSAGE, button
from bot.blocks.text import SECTION, Block, context, cut, escaped
from handlers.messages import Citation, Mark, Written
from knowledge.dates import in_words

_CLEARED = "(no longer kept)"


def citation_blocks(citation: Citation, longest: int, link: str) -> list[Block]:
    """A passage, cut to `longest` characters, with its place; with a button to open it where nothing links to it."""
    quote = citation.quote or ""
    blocks = [quotation(cut(quote, longest), citation.marks), context(" · ".join(_small(citation, link)))]
    if not (link and citation.path) or len(quote) > longest:
        spoken = f"Open the passage: {citation.locator} of {citation.title}"
        opens = button("Open the passage", OPEN_PASSAGE, citation.passage, spoken=spoken)
        blocks.append({"type": "actions", "elements": [opens]})
    return blocks


def _small(citation: Citation, link: str) -> list[str]:
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
    return small


def intention_line(citation: Citation, link: str) -> str:
    """Where an intention of the timeline stands, and in which version."""
    where = f" · <{link}{citation.path}|see it on the timeline>" if link and citation.path else ""
    return f"*{escaped(citation.locator)}* · {escaped(citation.note)}{where}"


def written_blocks(written: Written, longest: int = 0) -> list[Block]:
    """What somebody wrote, who and when. Cut to `longest` characters; with none, all of it, in as many quotations as
    that takes."""
    small = (f"*{escaped(written.what)}*", escaped(written.by), escaped(written.when))
    body = cut(written.body, longest) if longest else written.body
    parts = [body[at : at + SECTION] for at in range(0, len(body), SECTION)] or [_CLEARED]
    return [context(" · ".join(part for part in small if part)), *(quotation(part) for part in parts)]


def quotation(text: str, marks: Sequence[Mark] = ()) -> Block:
    """Words as they stand, with runs of them marked."""
    elements: list[Block] = []
    at = 0
    for mark in marks:
        if mark.end > len(text) - 1:
            break
        if mark.start > at:
            elements.append({"type": "text", "text": text[at : mark.start]})
        elements.append({"type": "text", "text": text[mark.start : mark.end], "style": {"bold": True}})
        at = mark.end
    if at < len(text) or not elements:  # Slack refuses the whole message for a quotation of nothing
        elements.append({"type": "text", "text": text[at:] or "…"})
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": elements}]}
