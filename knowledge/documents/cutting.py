"""Blocks become passages: cut where the text cuts itself, each with a locator unique in its document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.documents.blocks import Block, blocks
from knowledge.documents.outline import DROP, GENERAL, HEADING, PARAGRAPHS, Outline, divide
from knowledge.documents.reading import Extract
from knowledge.models import Part, Passage, slug

_GROUP = 1_100
"""Characters after which running text under one heading becomes another passage."""
_LONG_ITEM = 300
"""Characters from which a lettered paragraph is a passage of its own."""
_REFERENCE_CELL = re.compile(r"^([A-Z]{1,3}\s?\d{1,3})(?:[.:]|\s|$)")


@dataclass
class _Draft:
    locator: str
    headings: tuple[str, ...]
    parts: list[Part] = field(default_factory=list)
    section: str = ""
    numbered: bool = False

    @property
    def size(self) -> int:
        return sum(len(part.text) for part in self.parts)


def cut(document: str, extract: Extract, outline: Outline = GENERAL) -> list[Passage]:
    """The passages of a document. Raises OutlineError where the outline does not fit the text."""
    drafts: dict[str, _Draft] = {}
    over: tuple[str, ...] = ()
    for span, lines in divide(extract.lines, outline):
        found = blocks(lines, outline.drop if not outline.spans else (), titles=span.label == PARAGRAPHS)
        if span.label == DROP or not found:
            continue
        if span.label == HEADING:
            over = (" ".join(block.text for block in found),)
        elif span.label == PARAGRAPHS:
            for draft in _Cutter(span.locator, over).run(found):
                draft.locator = _unique(draft, drafts)
                drafts[draft.locator] = draft
        else:
            draft = drafts.setdefault(span.locator, _Draft(span.locator, over))
            draft.parts.extend(_parts(found, span.label))
    kept = [draft for draft in drafts.values() if draft.parts]
    for draft in kept:
        _arrange(draft, outline.order)
    return [
        Passage(
            document=document, locator=draft.locator, position=place, headings=draft.headings, parts=tuple(draft.parts)
        )
        for place, draft in enumerate(_distinct(kept))
    ]


def _parts(found: Sequence[Block], label: str = "") -> list[Part]:
    """Blocks as parts: what follows on in the source is joined, so that only real gaps show an ellipsis."""
    return [
        Part(text=block.text, label=label, page=block.page, joined=place > 0 and not block.gap)
        for place, block in enumerate(found)
    ]


def _arrange(draft: _Draft, order: Sequence[str]) -> None:
    """Puts the parts in the reader's order. What no longer follows on in the source is no longer joined."""
    before = {id(part): last for last, part in zip([None, *draft.parts], draft.parts, strict=False)}
    arranged = sorted(draft.parts, key=lambda part: order.index(part.label) if part.label in order else len(order))
    draft.parts = [
        part
        if before[id(part)] is (arranged[place - 1] if place else None)
        else part.model_copy(update={"joined": False})
        for place, part in enumerate(arranged)
    ]


def _unique(draft: _Draft, taken: dict[str, _Draft]) -> str:
    """A locator no passage has yet: with its section where the numbering restarts, else counted."""
    if draft.locator not in taken:
        return draft.locator
    prefix, _, last = draft.locator.rpartition(", ")
    if draft.section and last[:1].isdigit():
        sectioned = f"{prefix}, Section {draft.section}, {last}" if prefix else f"Section {draft.section}, {last}"
        if sectioned not in taken:
            return sectioned
    count = 2
    while f"{draft.locator} ({count})" in taken:
        count += 1
    return f"{draft.locator} ({count})"


def _distinct(drafts: Iterable[_Draft]) -> list[_Draft]:
    """Two locators that would make the same link are told apart."""
    kept = list(drafts)
    taken: set[str] = set()
    for draft in kept:
        bare, count = draft.locator, 1
        while slug(draft.locator) in taken:
            count += 1
            draft.locator = f"{bare} ({count})"
        taken.add(slug(draft.locator))
    return kept


class _Cutter:
    """Cuts running text: by headings, numbered paragraphs, tables, and length."""

    def __init__(self, prefix: str, over: tuple[str, ...]) -> None:
        self._prefix = prefix
        self._over = over
        self._stack: list[Block] = []
        self._section = ""
        self._drafts: list[_Draft] = []
        self._open: _Draft | None = None
        self._columns: tuple[str, ...] = ()
        self._after_heading: list[Block] = []

    def run(self, found: Sequence[Block]) -> list[_Draft]:
        for place, block in enumerate(found):
            if block.kind == "heading":
                self._heading(block)
            elif block.kind == "row":
                self._row(block)
            elif self._open is not None and (letter := _lettered(block)):
                self._start(f"{self._stem_of_open()} ({letter})", block, local_name=False)
            elif block.kind in ("numbered", "counted") and not self._is_item(found, place):
                self._leave_captions()
                self._start(self._local(block), block)
            else:
                self._add(block, found[place - 1] if place else None)
        self._flush_headings()
        return self._drafts

    @staticmethod
    def _is_item(found: Sequence[Block], place: int) -> bool:
        """A counted line right under a sentence ending in a colon is a list's item, not a paragraph of its own."""
        if found[place].kind != "counted":
            return False
        for before in reversed(found[:place]):
            if before.kind == "counted":
                continue
            return before.kind in ("text", "item", "numbered") and before.text.endswith(":")
        return False

    # headings

    def _heading(self, block: Block) -> None:
        if self._stack and block.level <= self._stack[-1].level:
            self._flush_headings()
        while self._stack and self._stack[-1].level >= block.level:
            self._stack.pop()
        self._stack.append(block)
        self._after_heading.append(block)
        self._open = None
        self._columns = ()
        if block.number:
            self._section = block.number.split(".")[0]

    def _leave_captions(self) -> None:
        """A numbered paragraph stands under its section, not under the figure that happens to be above it."""
        while self._stack and self._stack[-1].unit.startswith(("Figure", "Table", "Diagram")):
            self._stack.pop()

    def _flush_headings(self) -> None:
        """Headings with nothing under them are passages too: a figure's title, a list of principles."""
        if self._after_heading and all(block.unit or len(block.text) > 40 for block in self._after_heading):
            heading = self._after_heading[-1]
            self._drafts.append(
                _Draft(self._full(self._title(heading)), self._path()[:-1], _parts([heading]), self._section)
            )
        self._after_heading = []

    def _path(self) -> tuple[str, ...]:
        return (*self._over, *(block.text.rstrip(":") for block in self._stack))

    def _title(self, block: Block) -> str:
        """How a heading names what stands under it."""
        if "." in block.number:
            return block.number
        text = re.sub(r"^\d{1,2}\.?\s+", "", block.text).strip().rstrip(":.")
        unit = next((above.unit for above in reversed(self._stack) if above.unit), "")
        if block.unit:
            return block.unit
        if unit and len(self._stack) > 1:
            return f"{unit}: {_short(text)}"
        return _short(text)

    def _local(self, block: Block) -> str:
        if block.number:
            astray = block.kind == "numbered" and self._section and block.number.split(".")[0] != self._section
            return f"Section {self._section}, {block.number}" if astray else block.number
        if self._stack:
            return self._title(self._stack[-1])
        return f"page {block.page}" if block.page else "Opening"

    def _full(self, local: str) -> str:
        return f"{self._prefix}, {local}" if self._prefix else local

    # text

    def _stem_of_open(self) -> str:
        assert self._open is not None  # noqa: S101 - asked only while a draft is open
        return re.sub(r" \((?:\d{1,2}|[a-z]|[ivx]+)\)$", "", self._open.locator)

    def _start(self, local: str, block: Block, *, local_name: bool = True) -> None:
        locator = self._full(local) if local_name else local
        self._open = _Draft(locator, self._path(), section=self._section, numbered=bool(block.number) or not local_name)
        self._drafts.append(self._open)
        heading = self._after_heading[-1:] if self._after_heading and not block.number else []
        if heading and heading[0].level and not heading[0].gap and len(heading[0].text) > 0:
            self._open.parts.extend(_parts(heading))
        self._after_heading = []
        self._append(block)

    def _append(self, block: Block) -> None:
        assert self._open is not None  # noqa: S101 - callers open a draft first
        joined = bool(self._open.parts) and not block.gap
        self._open.parts.append(Part(text=block.text, page=block.page, joined=joined))

    def _add(self, block: Block, before: Block | None) -> None:
        if self._open is None:
            self._start(self._local(block), block)
            return
        in_list = block.kind in ("item", "counted") or (before is not None and before.text.endswith(":"))
        long = self._open.size > _GROUP and not self._open.numbered and not in_list and not block.text[:1].islower()
        turned = block.page and not self._stack and self._open.parts[-1].page != block.page
        if long or turned:
            self._start(self._local(block), block)
        else:
            self._append(block)

    # tables

    def _row(self, block: Block) -> None:
        if not self._columns:
            self._columns = block.cells
            self._open = None
            self._start(self._local(block), block)
        elif (reference := _REFERENCE_CELL.match(block.cells[0])) and len(block.cells) > 2:
            self._drop_header()
            draft = _Draft(self._full(reference[1]), self._path(), section=self._section)
            draft.parts = [
                Part(text=cell, label=_label(name), page=block.page, joined=True)
                for name, cell in zip(self._columns, block.cells, strict=False)
                if cell
            ]
            self._drafts.append(draft)
        elif self._open is not None:
            self._append(block)

    def _drop_header(self) -> None:
        """A table cut row by row needs its header only as labels."""
        if self._open is not None and self._open.parts and self._open.parts[-1].text == " | ".join(self._columns):
            self._open.parts.pop()
            if not self._open.parts or (len(self._open.parts) == 1 and self._open.parts[0].text in self._path()):
                self._drafts.remove(self._open)
        self._open = None


def _lettered(block: Block) -> str:
    """The letter of a long lettered paragraph, which can stand as a passage of its own: "(5) ..." -> "5"."""
    match = re.match(r"\((\d{1,2}|[a-z]|[ivx]+)\)\s", block.text) if block.kind == "item" else None
    return match.group(1) if match and len(block.text) > _LONG_ITEM else ""


def _label(name: str) -> str:
    return name.strip().rstrip(":").lower()


def _short(text: str, limit: int = 80) -> str:
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0] + " …"
