"""A file in, its lines out. Every kind of file becomes the same thing: lines of text with what is known of each (its
page, whether it is a heading, a list item or a table's row). A module a kind.
"""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.documents.reading.html import html_lines
from knowledge.documents.reading.isolated import read_isolated
from knowledge.documents.reading.lines import Extract, Limits, Line, Unreadable
from knowledge.documents.reading.markdown import markdown_lines
from knowledge.documents.reading.text import decode, plain_lines
from knowledge.documents.reading.whole import bytes_of, check_file

__all__ = ["READABLE", "Extract", "Limits", "Line", "Unreadable", "bytes_of", "check", "check_file", "decode", "read"]

READABLE = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx")
_ISOLATED = (".pdf", ".docx")


def read(path: Path, limits: Limits | None = None) -> Extract:
    """The lines of one file, by its ending. Raises Unreadable with the reason."""
    limits = limits or Limits()
    suffix = check(path, limits)
    extract = read_isolated(path, limits) if suffix in _ISOLATED else _read_text(path, suffix, limits)
    lines = tuple(_legible(line) for line in extract.lines)
    if not any(line.text.strip() for line in lines):
        raise Unreadable("no text in it")
    return Extract(lines, extract.pages)


def check(path: Path, limits: Limits) -> str:
    """What can be told of a file before a byte of it is read; returns its ending. Raises Unreadable."""
    suffix = path.suffix.lower()
    if suffix not in READABLE:
        word = ": save it as .docx or PDF" if suffix in (".doc", ".odt", ".rtf", ".pages") else ""
        raise Unreadable(f"the desk does not read {suffix or 'files without an ending'} ({', '.join(READABLE)}){word}")
    size = check_file(path)
    if size == 0:
        raise Unreadable("the file is empty")
    if size > limits.file_bytes:
        raise Unreadable(f"{size:,} bytes, more than the {limits.file_bytes:,} allowed (DESK_MAX_FILE_BYTES)")
    return suffix


_ILLEGIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of characters, which a file may hold and no database takes."""


def _legible(line: Line) -> Line:
    cells = tuple(_ILLEGIBLE.sub("", cell) for cell in line.cells)
    return line._replace(text=_ILLEGIBLE.sub("", line.text), cells=cells)


def _read_text(path: Path, suffix: str, limits: Limits) -> Extract:
    text = decode(bytes_of(path, limits.file_bytes))
    if suffix in (".md", ".markdown"):
        return Extract(tuple(markdown_lines(text)))
    if suffix in (".html", ".htm"):
        return Extract(tuple(html_lines(text)))
    return Extract(tuple(plain_lines(text)))
