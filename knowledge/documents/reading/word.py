"""DOCX, by python-docx."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx

from knowledge.documents.reading.lines import Building, Extract, Line, Unreadable

_NOT_WORD = "not a Word document (.docx), whatever its name says: give it its right ending, or save it again"


def word_lines(path: Path, _pages: int, unpacked: int) -> Extract:
    """The lines of a Word document. Raises Unreadable."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
            if size > unpacked:
                raise Unreadable(
                    f"unpacks to {size:,} bytes, more than the {unpacked:,} allowed (DESK_MAX_UNPACKED_BYTES)"
                )
            if "word/document.xml" not in archive.namelist():
                raise Unreadable(_NOT_WORD)
    except zipfile.BadZipFile:
        encrypted = path.open("rb").read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        reason = "encrypted or an old .doc file: save it as .docx, without a password" if encrypted else _NOT_WORD
        raise Unreadable(reason) from None
    return Extract(tuple(_docx_lines(path)))


def _docx_lines(path: Path) -> list[Line]:

    found = Building()
    document = docx.Document(str(path))
    styles = {style.style_id: style.name or "" for style in document.styles}
    for element in _docx_blocks(document.element.body):
        if element.tag.endswith("}tbl"):
            _docx_table(element, found)
        else:
            _docx_paragraph(element, styles, found)
    return found.lines


def _docx_blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those in content controls (forms, tables of contents) and insertions too."""
    for element in parent:
        name = str(element.tag).rpartition("}")[2]
        if name in ("p", "tbl"):
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _docx_blocks(element)


def _docx_paragraph(element: Any, styles: dict[str, str], found: Building) -> None:
    words = _docx_words(element)
    if not words:
        return
    style = styles.get(element.style or "", "")
    if style.startswith(("Heading", "Title")):
        level = int(style.split()[-1]) if style.split()[-1].isdigit() else 1
        found.add(words, "heading", level=level)
    elif style.startswith("List") or (element.pPr is not None and element.pPr.numPr is not None):
        found.add(f"• {words}", "item")
        return
    else:
        found.add(words)
    found.add("")


def _docx_table(element: Any, found: Building) -> None:
    """Rows as they stand: a cell merged sideways once, one merged downwards in every row it is of."""
    above: list[str] = []
    for row in element.iterchildren("{*}tr"):
        cells: list[str] = []
        for cell in row.iterchildren("{*}tc", "{*}sdt"):
            span, merged = getattr(cell, "grid_span", 1), getattr(cell, "vMerge", None)
            goes_on = merged == "continue" and len(cells) < len(above)
            cells += [above[len(cells)] if goes_on else _docx_words(cell), *[""] * (span - 1)]
        above = cells
        if any(cells):
            found.add(" | ".join(cells), "row", cells=tuple(cells))
    found.add("")


def _docx_words(element: Any) -> str:
    """The words of a paragraph or cell as its last editor saw them: what is marked inserted, not what is deleted."""
    pieces = []
    for node in element.iter("{*}t", "{*}tab", "{*}br", "{*}cr", "{*}noBreakHyphen", "{*}p"):
        name = node.tag.rpartition("}")[2]
        if any(parent.tag.endswith(("}moveFrom", "}Fallback")) for parent in node.iterancestors()):
            continue
        pieces.append(node.text or "" if name == "t" else "-" if name == "noBreakHyphen" else " ")
    return " ".join("".join(pieces).split())
