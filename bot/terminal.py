"""How replies look in a terminal."""

from __future__ import annotations

import json
import re
import sys

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text

from handlers.messages import Citation, Form, Group, Happening, Outcome, Paper, Reply, Table, Worklist, Written
from knowledge.dates import in_words

console = Console(highlight=False, soft_wrap=False)
_ANSWERS = (Outcome.ANSWERED, Outcome.REGISTER, Outcome.TIMELINE)


def show(reply: Reply, *, to: Console = console, link: str = "") -> None:
    """Prints a reply: the sentence, the passages with their places, what was written and what happened, the small
    print, what there is to choose. Of a form only its head: its fields are asked for one by one."""
    if reply.text and not (reply.form and reply.form.errors):
        to.print(Text(clean(reply.text), style="bold" if reply.outcome in _ANSWERS else ""))
    if reply.table:
        _show_table(reply.table, to, link)
    in_rows = bool(reply.table and reply.table.source == "documents")
    for number, citation in enumerate(() if in_rows else reply.citations):
        if citation.quote is not None:
            _show_citation(citation, to, first=number == 0, link=link)
        elif citation.source == "timeline" and reply.table and reply.table.card:
            to.print(Text(clean(f"{citation.locator} · {citation.note} · {link}{citation.path or ''}"), style="dim"))
    _show_groups(reply.groups, to)
    _show_checklist(reply.checklist, to)
    _show_written(reply.written, to)
    _show_happened(reply.happened, to)
    _show_papers(reply.papers, to)
    _show_form(reply.form, to)
    for note in reply.notes:
        to.print(Text(clean(note), style="dim"))
    for number, choice in enumerate(reply.choices, start=1):
        to.print(f"  {number}. {escape(clean(choice.label))}")


def _show_table(table: Table, to: Console, link: str) -> None:
    """Rows as a table; a card as its fields and what they say; where all rows are, if more are than are shown."""
    drawn = Grid(show_header=not table.card, header_style="bold", box=box.SIMPLE, pad_edge=False)
    for number, name in enumerate(table.columns):
        drawn.add_column(plain(name), style="bold" if table.card and not number else "", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(plain(cell) for cell in row))
    to.print(drawn)
    if table.more:
        where = f"All: {link}{table.page}" if table.page else "--csv FILE writes them all."
        to.print(Text(f"{len(table.rows)} of {table.total:,} are shown. {where}", style="dim"))


def _show_citation(citation: Citation, to: Console, *, first: bool, link: str) -> None:
    title = f"[bold]{escape(clean(citation.locator))}[/] · {escape(clean(citation.title))}"
    small = [part for part in (place_of(citation), link + citation.path if link and citation.path else "") if part]
    quote = citation.quote or ""
    body = Text(quote if quote.isprintable() else clean(quote, keep="\n"))
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


def _show_groups(groups: tuple[Group, ...], to: Console) -> None:
    for group in groups:
        to.print(Text(clean(group.heading), style="bold"))
        for one in group.items:
            to.print(f"  [bold]{plain(one.title)}[/] ({plain(one.reference)})")
            for line in one.lines:
                to.print(f"    {plain(line)}")


def _show_checklist(found: Worklist | None, to: Console) -> None:
    for under, points in found.parts if found else ():
        if under:
            to.print(Text(clean(under), style="bold"))
        for place, point in points:
            to.print(f"  {'☑' if point.done else '☐'} {place + 1:>2}. {plain(point.text)}")


def _show_written(written: tuple[Written, ...], to: Console) -> None:
    for one in written:
        title = plain(" · ".join(part for part in (one.what, one.by, one.when) if part))
        to.print(Panel(Text(clean(one.body, keep="\n")), title=title, title_align="left", border_style="dim"))


def _show_happened(happened: tuple[Happening, ...], to: Console) -> None:
    """What happened, oldest first."""
    if not happened:
        return
    drawn = Grid(show_header=False, box=None, pad_edge=False)
    drawn.add_column(style="dim", no_wrap=True)
    drawn.add_column(overflow="fold")
    for one in happened:
        drawn.add_row(plain(one.when), plain(one.what))
    to.print(drawn)


def _show_papers(papers: tuple[Paper, ...], to: Console) -> None:
    if papers:
        to.print(f"Kept with it: {', '.join(clean(one.name) for one in papers)}", markup=False)


def _show_form(form: Form | None, to: Console) -> None:
    if form and not form.errors:
        to.print(Text(clean(form.title), style="bold"))
        if form.note:
            to.print(Text(clean(form.note), style="dim"))
        if form.heading:
            to.print(Text(clean(form.heading)))
        if form.beside:
            _show_table(form.beside, to, "")


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
