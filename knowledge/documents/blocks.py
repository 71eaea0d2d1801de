"""Lines become blocks: paragraphs made whole again, list items, headings, numbered paragraphs, table rows.

The rules here are those that hold for papers in general. What is peculiar to one paper stands in its outline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.documents.reading import Line
from knowledge.models import LEFT_OUT

_BULLET = re.compile(r"^\s*(?:[•▪‣◦\ue000-\uf8ff*–—-]|[lo](?=\s+[A-Z]))\s+")
_LETTERED = re.compile(r"^\s*(?:[-–•]\s+)?\((?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s+|^\s*[a-z]\)\s+")
_NUMBERED = re.compile(r"^\s*(?:[-–•]\s+)?(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+(?P<rest>\S.*)")
_COUNTED = re.compile(r"^\s*(?:[-–•]\s+)?(?P<number>\d{1,2})(?:(?P<dot>\.)\s*|\s+)(?P<rest>[A-Z‘“'\"].*)")
_UNIT = re.compile(
    r"^(?P<kind>Principle|Recommendation|Table|Figure|Diagram|Appendix|Annex|Schedule|Chapter|Stage)\s+"
    r"(?P<number>\d{1,2}|[A-Z]|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)\b(?P<rest>.*)"
)
_FIGURE = re.compile(r"^\s*\d+(?:\.\d+)+\s+[a-z]")
"""How a wrapped line may begin in the middle of a sentence: "3.5 million people"."""
_ENDS = (".", "!", "?", ":", ";")
_TITLE_LENGTH = 90
_NARROWEST, _WIDEST = 70, 160
"""Widths, in characters, between which lines are those of a page of text."""


@dataclass
class Block:
    """A paragraph, list item, heading or row. `number`: "7.9" or "16" where it begins with one; `unit`: "Principle 6".
    `gap`: something was left out just before it."""

    text: str
    kind: str
    page: int | None = None
    level: int = 0
    number: str = ""
    unit: str = ""
    cells: tuple[str, ...] = ()
    gap: bool = False


def blocks(lines: Iterable[Line], drop: Sequence[re.Pattern[str]] = (), *, titles: bool = True) -> list[Block]:
    """The blocks of these lines, in order. Lines that match a `drop` pattern are left out and leave a gap.
    `titles`: whether a line may be a heading; a table's cell holds none."""
    lines = list(lines)
    found: list[Block] = []
    blank, gap = True, False
    short = _short_line(lines) if titles else 0
    for line in lines:
        text = " ".join(line.text.replace("**", "").split())
        gap = gap or line.kind == "gap" or any(pattern.search(text) for pattern in drop)
        if not text or any(pattern.search(text) for pattern in drop):
            blank = blank or not text
            continue
        if line.kind == "text" and found and _continues(found[-1], text, blank, titles, short):
            _extend(found[-1], text, gap)
        else:
            found.append(_block(line, text, gap))
        blank, gap = False, False
    return _with_headings(found) if titles else found


def _block(line: Line, text: str, gap: bool) -> Block:
    if line.kind != "text":
        kind = line.kind if line.kind != "item" or _BULLET.match(text) else "item"
        block = Block(text, kind, line.page, level=line.level, cells=line.cells, gap=gap)
        return _named(block) if kind == "heading" else block
    if numbered := _NUMBERED.match(text):
        return Block(text.lstrip("-–• "), "numbered", line.page, number=numbered["number"], gap=gap)
    if _LETTERED.match(text):
        return Block(text.lstrip("-–• "), "item", line.page, gap=gap)
    if (counted := _COUNTED.match(text)) and (counted["dot"] or _looks_like_title(text)):
        return Block(text.lstrip("-–• "), "counted", line.page, number=counted["number"], gap=gap)
    if _BULLET.match(text):
        return Block("• " + _BULLET.sub("", text), "item", line.page, gap=gap)
    return Block(text, "text", line.page, gap=gap)


def _short_line(lines: Sequence[Line]) -> int:
    """Characters below which a line of running text is short; 0 where lines are narrow columns or whole paragraphs."""
    lengths = sorted(len(line.text.strip()) for line in lines if line.kind == "text" and line.text.strip())
    wide = lengths[len(lengths) * 9 // 10] if lengths else 0
    return wide * 6 // 10 if _NARROWEST <= wide <= _WIDEST else 0


def _continues(block: Block, text: str, blank: bool, titles: bool, short: int) -> bool:
    """Whether a line belongs to the paragraph before it, which a wrapped line or a page's end has broken. `short`: a
    line below this length that looks like a title, right under a sentence's end, is one."""
    if block.kind in ("heading", "row"):
        return False
    if not blank and _FIGURE.match(text) and not block.text.endswith(_ENDS):
        return True
    if _starts_block(text):
        return False
    if not blank and len(text) <= short and _looks_like_title(text) and block.text.endswith((".", "?", "!")):
        return False
    if not blank:
        return not (titles and block.kind == "text" and _looks_like_title(block.text) and text[:1].isupper())
    return text[:1].islower() and not block.text.endswith(_ENDS) and not _looks_like_unit(block.text)


def _starts_block(text: str) -> bool:
    return bool(_NUMBERED.match(text) or _BULLET.match(text) or _LETTERED.match(text) or _UNIT.match(text)) or bool(
        re.match(r"^\s*(?:[-–•]\s+)?\d{1,2}\.\s+[A-Z]", text)
    )


def _extend(block: Block, text: str, gap: bool) -> None:
    block.text += (LEFT_OUT if gap else " ") + text


def _with_headings(found: list[Block]) -> list[Block]:
    """Marks which blocks are headings, which can be told only beside what follows."""
    listed = _listed(found)
    for place, block in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else None
        if place in listed or (block.text.endswith(":") and place + 1 in listed):
            continue
        if block.kind == "text" and _looks_like_unit(block.text):
            block.kind, block.level = "heading", 3
            _named(block)
        elif block.kind in ("counted", "numbered") and _looks_like_title(block.text):
            if following is None or following.kind != "item":
                block.level = block.number.count(".") + 1
                block.kind = "heading"
        elif block.kind == "text" and _is_title_before(block, following):
            block.kind, block.level = "heading", 3
    return found


def _listed(found: Sequence[Block]) -> set[int]:
    """Which counted lines are a list: "1. Buy well", "2. Sell well" one after the other, with nothing under them. A
    table of contents is not, whose lines end in a page's number."""
    listed: set[int] = set()
    for place in range(1, len(found)):
        before, block = found[place - 1], found[place]
        if before.kind == block.kind == "counted" and int(block.number) == int(before.number) + 1:
            over = place + 1 < len(found) and found[place + 1].number.startswith(f"{block.number}.")
            listed.update({place - 1} if over else {place - 1, place})
    return {place for place in listed if not found[place].text[-1].isdigit()}


def _named(block: Block) -> Block:
    if unit := _UNIT.match(block.text):
        block.unit = f"{unit['kind']} {unit['number']}"
    elif numbered := _NUMBERED.match(block.text) or _COUNTED.match(block.text):
        block.number = numbered["number"]
    return block


def _looks_like_unit(text: str) -> bool:
    unit = _UNIT.match(text)
    return bool(unit) and len(text) <= 120 and (not unit["rest"].strip() or unit["rest"].lstrip()[:1] in ":–-.")  # type: ignore[index]


def _looks_like_title(text: str) -> bool:
    """Short, begins with a capital, and does not end as a sentence does."""
    bare = re.sub(r"^[\d.]+\s*", "", text)
    ends = (".", ";", ",", "!") if bare != text else (".", ";", ",", "?", "!")
    return len(text) <= _TITLE_LENGTH and bare[:1].isupper() and not bare.endswith(ends) and len(bare.split()) <= 12


def _is_title_before(block: Block, following: Block | None) -> bool:
    if following is None or following.kind == "item" or not _looks_like_title(block.text):
        return False
    title = block.text.rstrip(":")
    if following.kind in ("numbered", "counted", "heading"):
        return True
    return len(title.split()) <= 8 and len(following.text) > 80 and not block.text.endswith(":")
