"""PDF, by pypdf, page by page."""

from __future__ import annotations

import logging
import re
from collections import Counter
from pathlib import Path

import pypdf
from pypdf.errors import DependencyError

from knowledge.documents.reading.lines import Extract, Line, Unreadable

_ENCRYPTED = "encrypted: it needs a password. Save a copy without one"


def pdf_lines(path: Path, max_pages: int, _unpacked: int) -> Extract:
    """The lines of a PDF. Raises Unreadable."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with path.open("rb") as file:
        if file.read(1024).find(b"%PDF-") < 0:
            raise Unreadable("not a PDF, whatever its name says: give it its right ending, or save it again")
        try:
            pdf = pypdf.PdfReader(file)
            if pdf.is_encrypted and not pdf.decrypt(""):
                raise Unreadable(_ENCRYPTED)
        except DependencyError:
            raise Unreadable("encrypted with AES, which the desk cannot undo: save a copy without encryption") from None
        count = len(pdf.pages)
        if count > max_pages:
            raise Unreadable(f"{count:,} pages, more than the {max_pages:,} allowed (DESK_MAX_PAGES)")
        texts = [page.extract_text() or "" for page in pdf.pages]
    if not any(text.strip() for text in texts):
        raise Unreadable("no text layer: it is probably a scan, and needs text recognition first")
    return Extract(tuple(_without_running_lines(texts)), count)


def _without_running_lines(texts: list[str]) -> list[Line]:
    """Pages' lines, less the page numbers and the heads and feet that repeat from page to page."""
    pages = [[line.strip() for line in text.split("\n")] for text in texts]
    edges = Counter(
        shape
        for number, lines in enumerate(pages)
        for shape in {s for line in _edges(lines) for s in _shapes(line, number)}
    )
    often = {shape for shape, count in edges.items() if count > max(3, len(pages) // 3)}
    found = []
    for number, lines in enumerate(pages):
        edge = set(_edges(lines))
        for line in lines:
            if line in edge and (line.isdigit() or not often.isdisjoint(_shapes(line, number))):
                continue
            found.append(Line(line, page=number + 1))
        found.append(Line("", page=number + 1))
    return found


def _edges(lines: list[str]) -> list[str]:
    full = [line for line in lines if line]
    return full[:2] + full[-2:]


_PLACE = re.compile(
    r"(?i)(?:principle|recommendation|table|figure|diagram|appendix|annex|chapter|section|stage|item)\s+\d"
)


def _shapes(line: str, number: int) -> list[str]:
    """What a head or foot has the same on every page: all of it, or all but a number that counts the pages.
    "Principle 3" may count them too, where each has a page of its own, and is a heading all the same."""
    counting = [] if _PLACE.match(line) else list(re.finditer(r"\d{1,4}", line))
    return [line, *(f"{line[: n.start()]}\x00{int(n.group()) - number}\x00{line[n.end() :]}" for n in counting)]
