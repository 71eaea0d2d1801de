"""An outline: what is peculiar to one paper, as data beside it.

A TOML file with
  drop   patterns of lines to leave out (page numbers, running heads)
  order  labels in the order a reader wants a passage's parts, where the file has them in another
  spans  [locator, label, first words] in the order of the file: from those words to the next span's.
         label "paragraphs": cut by the general rules, the locator put before each ("Item 14" -> "Item 14, 7.9");
         label "heading": a heading over what follows; label "drop": left out;
         any other label: a part of the passage named by the locator. Spans with one locator make one passage,
         so a table's row can be gathered from the cells that extraction scattered.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.documents.reading import Line

PARAGRAPHS, HEADING, DROP = "paragraphs", "heading", "drop"


class OutlineError(Exception):
    """An outline that does not fit its document, or cannot be read. Its text says where."""


class Span(NamedTuple):
    """A run of a document, found by its first words."""

    locator: str
    label: str
    starts: str


@dataclass(frozen=True)
class Outline:
    """How one paper is cut."""

    drop: tuple[re.Pattern[str], ...] = ()
    order: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


GENERAL = Outline()
GAP = Line("", kind="gap")
"""Where a line was left out."""


def load_outline(path: Path) -> Outline:
    """The outline in a file. Raises OutlineError naming the file and what is wrong in it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        if unknown := set(data) - {"drop", "order", "spans"}:
            raise ValueError(f"{sorted(unknown)[0]!r} is none of drop, order, spans")
        drop = tuple(re.compile(pattern) for pattern in _texts(data, "drop"))
        return Outline(drop, _texts(data, "order"), tuple(_span(row) for row in _list(data, "spans")))
    except (ValueError, re.error, OSError, RecursionError) as error:  # a TOML and a decoding error are ValueErrors too
        raise OutlineError(f"{path.name}: {error}") from None


def _list(data: dict[str, Any], name: str) -> list[Any]:
    value = data.get(name, [])
    if not isinstance(value, list):
        raise ValueError(f"{name} is a list")
    return value


def _texts(data: dict[str, Any], name: str) -> tuple[str, ...]:
    found = _list(data, name)
    if wrong := [value for value in found if not isinstance(value, str)]:
        raise ValueError(f"{name} is a list of texts, and {wrong[0]!r} is none")
    return tuple(found)


def _span(row: Any) -> Span:
    if not isinstance(row, list) or len(row) != 3 or not all(isinstance(value, str) for value in row):
        raise ValueError(f"a span is [locator, label, first words], not {row!r}")
    if not row[2].strip():
        raise ValueError(f"the span {row[0]!r} has no first words to begin at")
    return Span(*row)


def divide(lines: Sequence[Line], outline: Outline) -> list[tuple[Span, list[Line]]]:
    """Each span with its lines. What stands before the first span is left out. Raises OutlineError where the
    first words of a span are not found after those of the span before."""
    if not outline.spans:
        return [(Span("", PARAGRAPHS, ""), list(lines))]
    found = _Words([GAP if any(p.search(_flat(line.text)) for p in outline.drop) else line for line in lines])
    starts = []
    at = 0
    for span in outline.spans:
        at = found.find(span.starts, at)
        starts.append(at)
        at += 1
    ends = [*starts[1:], len(found.words)]
    return [(span, found.lines(start, end)) for span, start, end in zip(outline.spans, starts, ends, strict=True)]


def _flat(text: str) -> str:
    return " ".join(text.split())


class _Words:
    """The words of some lines, each with its line, so that a span may begin in the middle of a line."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self.words = [(word, row) for row, line in enumerate(lines) for word in line.text.split()]

    def find(self, phrase: str, since: int) -> int:
        """Where these words come next. The last of them may be the beginning of a word."""
        wanted = phrase.split()
        *most, last = wanted
        for at in range(since, len(self.words) - len(most)):
            if self.words[at + len(most)][0].startswith(last) and all(
                self.words[at + n][0] == word for n, word in enumerate(most)
            ):
                return at
        raise OutlineError(f"the words {phrase!r} do not come where the outline expects them")

    def lines(self, start: int, end: int) -> list[Line]:
        rows: dict[int, list[str]] = {}
        for word, row in self.words[start:end]:
            rows.setdefault(row, []).append(word)
        if not rows:
            return []
        first, last = min(rows), max(rows)
        return [self._lines[row]._replace(text=" ".join(rows.get(row, ()))) for row in range(first, last + 1)]
