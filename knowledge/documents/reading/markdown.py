"""Markdown, by markdown-it."""

from __future__ import annotations

from typing import Any

from knowledge.documents.reading.html import html_lines
from knowledge.documents.reading.lines import Building, Line


def markdown_lines(text: str) -> list[Line]:
    from markdown_it import MarkdownIt

    found = Building()
    row: list[str] | None = None
    heading, depth, bullet = 0, 0, ""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            bullet = f"{token.info}{token.markup} " if token.info else "• "
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            found.add(" | ".join(row), "row", cells=tuple(row))
            row = None
        elif token.type == "inline":
            words = _markdown_words(token)
            if row is not None:
                row.append(words)
            elif heading:
                found.add(words, "heading", level=heading)
                heading = 0
            elif depth:
                found.add(bullet + words, "item")
            else:
                found.add(words)
        elif token.type in ("paragraph_close", "heading_close", "table_close"):
            found.add("")
        elif token.type in ("fence", "code_block"):
            found.add(token.content.strip())
        elif token.type == "html_block":
            found.lines.extend(html_lines(f"<body>{token.content}</body>"))
    return found.lines


def _markdown_words(inline: Any) -> str:
    """The words of a run without its marks: "see [the **plan**](url)" -> "see the plan"."""
    pieces = [child.content if child.type in ("text", "code_inline", "image") else "" for child in inline.children]
    breaks = [" " if child.type in ("softbreak", "hardbreak", "html_inline") else "" for child in inline.children]
    return " ".join("".join(piece + gap for piece, gap in zip(pieces, breaks, strict=True)).split())
