"""How replies look in a terminal."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text

from handlers.messages import Citation, Outcome, Reply, Table
from knowledge.dates import in_words

console = Console(highlight=False, soft_wrap=False)
_ANSWERS = (Outcome.ANSWERED, Outcome.REGISTER)


def show(reply: Reply, *, to: Console = console, link: str = "") -> None:
    """Prints a reply: the sentence, the passages with their places, the small print."""
    if reply.text:
        to.print(Text(clean(reply.text), style="bold" if reply.outcome in _ANSWERS else ""))
    if reply.table:
        _show_table(reply.table, to)
    for number, citation in enumerate(reply.citations):
        _show_citation(citation, to, first=number == 0, link=link)
    for number, choice in enumerate(reply.choices, start=1):
        to.print(f"  {number}. {escape(clean(choice.label))}")
    for note in reply.notes:
        to.print(Text(clean(note), style="dim"))


def _show_table(table: Table, to: Console) -> None:
    """Rows as a table; a card as its fields and what they say."""
    drawn = Grid(show_header=not table.card, header_style="bold", box=box.SIMPLE, pad_edge=False)
    for number, name in enumerate(table.columns):
        drawn.add_column(plain(name), style="bold" if table.card and not number else "", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(plain(cell) for cell in row))
    to.print(drawn)
    if table.more:
        to.print(Text(f"{len(table.rows)} of {table.total:,} are shown. --csv FILE writes them all.", style="dim"))


def _show_citation(citation: Citation, to: Console, *, first: bool, link: str) -> None:
    title = f"[bold]{escape(clean(citation.locator))}[/] · {escape(clean(citation.title))}"
    small = [part for part in (place_of(citation), link + citation.path if link and citation.path else "") if part]
    if citation.quote is None:
        return
    body = Text(citation.quote if citation.quote.isprintable() else clean(citation.quote, keep="\n"))
    for mark in citation.marks:
        body.stylize("bold yellow", mark.start, mark.end)
    border = "green" if first else "dim"
    to.print(
        Panel(
            body,
            title=title,
            title_align="left",
            subtitle=plain(" · ".join(small)),
            subtitle_align="left",
            border_style=border,
        )
    )


def place_of(citation: Citation) -> str:
    """What a reader must know of the place: paper, date, status, page, what has replaced it, where else it stands."""
    parts = [citation.document, in_words(citation.published), citation.status]
    if citation.page:
        parts.append(f"page {citation.page}")
    if citation.note:
        parts.append(citation.note)
    if citation.also_in:
        parts.append("also in " + "; ".join(citation.also_in))
    return " · ".join(part for part in parts if part)


def clean(text: str, keep: str = "") -> str:
    """Text without control characters, which could move a terminal's cursor or change its colours."""
    return "".join(char if char.isprintable() or char in keep else " " for char in text)


def as_json(reply: Reply, link: str, **more: Any) -> dict[str, Any]:
    """A reply for programs, as `desk ask --json` prints it."""
    return {
        **more,
        "outcome": reply.outcome.value,
        "answer": " ".join((reply.text, *reply.notes)) if not reply.citations else reply.text,
        "citations": [
            {
                "source": citation.source,
                "document": citation.document,
                "title": citation.title,
                "locator": citation.locator,
                "quote": citation.quote,
                "url": link + citation.path if citation.path else None,
                "published": citation.published,
                "status": citation.status,
                "note": citation.note,
                "also_in": list(citation.also_in),
                "page": citation.page,
            }
            for citation in reply.citations
        ],
        **({"table": _table_as_json(reply.table)} if reply.table else {}),
        "choices": [choice.model_dump() for choice in reply.choices],
        "notes": list(reply.notes),
    }


def _table_as_json(table: Table) -> dict[str, Any]:
    return {
        "source": "register",
        "as_of": table.as_of,
        "contracts": list(table.contracts),
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
        "total": table.total,
    }


def json_line(value: object) -> str:
    """JSON on one line, readable, with what a terminal or a line reader would act on escaped: JSON's own escapes
    leave out the controls above 127, the line ends of Unicode, and halves of characters, which cannot be printed."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def plain(text: str) -> str:
    """Text for a cell or a line that rich prints: no control characters, and what stands in brackets is no markup."""
    return escape(clean(text))


def complain(text: str) -> None:
    """An error, on stderr."""
    print(f"desk: {clean(text)}", file=sys.stderr)
