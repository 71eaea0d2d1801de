"""Quotations as a page shows them: paragraphs and lists, with the words that were asked for marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from handlers.messages import Citation, Mark
from knowledge.dates import in_words


class Run(NamedTuple):
    """A run of text, marked or not."""

    text: str
    marked: bool


class Line(NamedTuple):
    """A line of a quotation. `item`: it belongs to a list."""

    item: bool
    runs: list[Run]


def citations_for_page(citations: Iterable[Citation]) -> list[dict[str, Any]]:
    """Each citation with its quotation cut into lines for the template."""
    return [{"is": one, "lines": lines_of(one.quote or "", one.marks), "small": small_print(one)} for one in citations]


def small_print(citation: Citation) -> list[str]:
    """Date, status, page, what has replaced it, where else it stands."""
    parts = [citation.published and f"published {in_words(citation.published)}", citation.status]
    parts.append(f"page {citation.page}" if citation.page else "")
    parts.append("also in " + "; ".join(citation.also_in) if citation.also_in else "")
    return [part for part in parts if part]


def lines_of(text: str, marks: Sequence[Mark] = ()) -> list[Line]:
    """The lines of a quotation with their marked runs. A bullet becomes a list's item."""
    found, at = [], 0
    for raw in text.split("\n"):
        item = raw.startswith("• ")
        skip = 2 if item else 0
        found.append(Line(item, _runs(text, at + skip, at + len(raw), marks)))
        at += len(raw) + 1
    return found


def _runs(text: str, start: int, end: int, marks: Sequence[Mark]) -> list[Run]:
    runs, at = [], start
    for mark in marks:
        if mark.start < start or mark.end > end:
            continue
        if mark.start > at:
            runs.append(Run(text[at : mark.start], False))
        runs.append(Run(text[mark.start : mark.end], True))
        at = mark.end
    if at < end:
        runs.append(Run(text[at:end], False))
    return runs
