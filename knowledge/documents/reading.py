"""A file in, its lines out. Every kind of file becomes the same thing: lines of text with what is known of
each (its page, whether it is a heading, a list item or a table's row).

PDF and DOCX are read in a process of their own, bounded in time and memory, because a file made to harm (a zip
bomb, a loop of objects) must not take the desk with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Unreadable(Exception):
    """A file that cannot be read; its text is the reason, for people."""


class Line(NamedTuple):
    """A line of a file. `kind`: text, heading, item, row. `cells` only for rows, `level` (1 to 6) only for headings."""

    text: str
    kind: str = "text"
    page: int | None = None
    level: int = 0
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extract:
    """What was read of a file."""

    lines: tuple[Line, ...]
    pages: int | None = None


@dataclass(frozen=True)
class Limits:
    """How much of one file the desk will read. Bytes, pages, seconds, bytes of memory, bytes unpacked."""

    file_bytes: int = 50_000_000
    pages: int = 3_000
    seconds: float = 60.0
    memory_bytes: int = 1_500_000_000
    unpacked_bytes: int = 300_000_000


@dataclass
class _Building:
    lines: list[Line] = field(default_factory=list)

    def add(self, text: str, kind: str = "text", **known: object) -> None:
        self.lines.append(Line(text=text, kind=kind, **known))  # type: ignore[arg-type]


READABLE = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx")
_ISOLATED = (".pdf", ".docx")


def read(path: Path, limits: Limits | None = None) -> Extract:
    """The lines of one file, by its ending. Raises Unreadable with the reason."""
    limits = limits or Limits()
    suffix = path.suffix.lower()
    if suffix not in READABLE:
        raise Unreadable(f"the desk does not read {suffix or 'files without an ending'} ({', '.join(READABLE)})")
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("the file is empty")
    if size > limits.file_bytes:
        raise Unreadable(f"{size:,} bytes, more than the {limits.file_bytes:,} allowed (DESK_MAX_FILE_BYTES)")
    extract = _read_isolated(path, limits) if suffix in _ISOLATED else _read_text(path, suffix)
    if not any(line.text.strip() for line in extract.lines):
        raise Unreadable("no text in it")
    return extract


# --- text ---------------------------------------------------------------------------------------------------------


def _read_text(path: Path, suffix: str) -> Extract:
    text = decode(path.read_bytes())
    if suffix in (".md", ".markdown"):
        return Extract(tuple(_markdown(text)))
    if suffix in (".html", ".htm"):
        return Extract(tuple(_html(text)))
    return Extract(tuple(_plain(text)))


def decode(data: bytes) -> str:
    """Text from bytes: UTF-8 or UTF-16 by their marks, else UTF-8, else Windows' western code page."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16", "its byte order mark says UTF-16 and the rest does not follow it")
    if b"\x00" in data:
        raise Unreadable("binary, not text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _strict(data, "cp1252", "neither UTF-8 nor Windows-1252 text: save it as UTF-8")
    odd = sum(1 for char in text if ord(char) < 32 and char not in "\t\n\r\f\v")
    if odd > len(text) * 0.01:
        raise Unreadable("binary, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _strict(data: bytes, encoding: str, reason: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(f"{reason} (byte {error.start})") from None


def _plain(text: str) -> list[Line]:
    """Lines as they stand. Form feeds count pages."""
    page = 1 if "\f" in text else None
    lines = []
    for raw in text.split("\n"):
        for number, piece in enumerate(raw.split("\f")):
            if number and page is not None:
                page += 1
            lines.append(Line(piece, page=page))
    return lines


def _markdown(text: str) -> list[Line]:
    from markdown_it import MarkdownIt

    found = _Building()
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    row: list[str] | None = None
    heading, depth = 0, 0
    for token in tokens:
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            found.add(" | ".join(row), "row", cells=tuple(row))
            row = None
        elif token.type == "inline":
            words = _markdown_words(token.content)
            if row is not None:
                row.append(words)
            elif heading:
                found.add(words, "heading", level=heading)
                heading = 0
            elif depth:
                found.add(f"• {words}", "item")
            else:
                found.add(words)
        elif token.type in ("paragraph_close", "heading_close", "table_close"):
            found.add("")
        elif token.type in ("fence", "code_block"):
            found.add(token.content.strip())
    return found.lines


def _markdown_words(content: str) -> str:
    return " ".join(content.replace("**", "").replace("__", "").replace("`", "").split())


_HTML_BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "dt", "dd", "blockquote", "pre", "figcaption", "caption"}
_HTML_UNSEEN = {"script", "style", "noscript", "template", "nav", "head"}


def _html(text: str) -> list[Line]:
    from lxml import etree
    from lxml import html as lxml_html

    try:
        root = lxml_html.document_fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"not HTML: {error}") from None
    for unseen in list(root.iter(*_HTML_UNSEEN)):
        if unseen.getparent() is not None:
            unseen.drop_tree()
    found = _Building()
    for element in root.iter(*_HTML_BLOCKS):
        if any(parent.tag in _HTML_BLOCKS - {"blockquote"} for parent in element.iterancestors()):
            continue
        _html_block(element, found)
    if not found.lines:
        found.add(" ".join(root.text_content().split()))
    return found.lines


def _html_block(element, found: _Building) -> None:  # type: ignore[no-untyped-def]
    words = " ".join(element.text_content().split())
    if not words:
        return
    if element.tag == "tr":
        cells = tuple(" ".join(cell.text_content().split()) for cell in element.iter("td", "th"))
        found.add(" | ".join(cells), "row", cells=cells)
    elif element.tag[0] == "h" and element.tag[1:].isdigit():
        found.add(words, "heading", level=int(element.tag[1]))
        found.add("")
    elif element.tag == "li":
        found.add(f"• {words}", "item")
    else:
        found.add(words)
        found.add("")


# --- PDF and DOCX, in a process of their own ----------------------------------------------------------------------


def _read_isolated(path: Path, limits: Limits) -> Extract:
    """Runs this module in a child with a time and a memory limit, and reads what it prints."""
    bounds = json.dumps([limits.pages, limits.memory_bytes, limits.unpacked_bytes])
    command = [sys.executable, "-m", "knowledge.documents.reading", bounds, str(path.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=limits.seconds, check=False, cwd=_here())  # noqa: S603
    except subprocess.TimeoutExpired:
        raise Unreadable(f"not read within {limits.seconds:g} seconds (DESK_MAX_READ_SECONDS)") from None
    if done.returncode != 0 or not done.stdout:
        raise Unreadable("reading it took more memory than allowed, or broke the reader")
    answer = json.loads(done.stdout)
    if "reason" in answer:
        raise Unreadable(answer["reason"])
    lines = tuple(Line(text, kind, page, level, tuple(cells)) for text, kind, page, level, cells in answer["lines"])
    return Extract(lines, answer["pages"])


def _here() -> Path:
    return Path(__file__).resolve().parents[2]


def _child(bounds: str, name: str) -> None:
    pages, memory, unpacked = json.loads(bounds)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        pass
    try:
        reader = _pdf if name.lower().endswith(".pdf") else _docx
        extract = reader(Path(name), pages, unpacked)
        answer: dict[str, object] = {"lines": extract.lines, "pages": extract.pages}
    except Unreadable as refused:
        answer = {"reason": str(refused)}
    except MemoryError:
        answer = {"reason": "reading it took more memory than allowed"}
    except RecursionError:
        answer = {"reason": "its parts are nested too deeply"}
    except Exception as error:  # a broken file may raise anything; the reason names what it was
        answer = {"reason": f"damaged: {type(error).__name__}: {str(error)[:200]}"}
    print(json.dumps(answer))


def _pdf(path: Path, max_pages: int, _unpacked: int) -> Extract:
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with path.open("rb") as file:
        if file.read(1024).find(b"%PDF-") < 0:
            raise Unreadable("not a PDF, whatever its name says")
        pdf = pypdf.PdfReader(file)
        if pdf.is_encrypted and not pdf.decrypt(""):
            raise Unreadable("encrypted: it needs a password")
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
    edges = Counter(edge for lines in pages for edge in {_shape(line) for line in _edges(lines)})
    often = {shape for shape, count in edges.items() if count > max(3, len(pages) // 3)}
    found = []
    for number, lines in enumerate(pages, start=1):
        edge = set(_edges(lines))
        for line in lines:
            if line in edge and (_shape(line) in often or line.isdigit()):
                continue
            found.append(Line(line, page=number))
        found.append(Line("", page=number))
    return found


def _edges(lines: list[str]) -> list[str]:
    full = [line for line in lines if line]
    return full[:2] + full[-2:]


def _shape(line: str) -> str:
    return "".join("0" if char.isdigit() else char for char in line)


def _docx(path: Path, _pages: int, unpacked: int) -> Extract:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
            if size > unpacked:
                raise Unreadable(f"unpacks to {size:,} bytes, more than the {unpacked:,} allowed")
            if "word/document.xml" not in archive.namelist():
                raise Unreadable("not a Word document, whatever its name says")
    except zipfile.BadZipFile:
        encrypted = path.open("rb").read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        reason = "encrypted or an old .doc file" if encrypted else "not a Word document, whatever its name says"
        raise Unreadable(reason) from None
    return Extract(tuple(_docx_lines(path)))


def _docx_lines(path: Path) -> list[Line]:
    import docx
    from docx.table import Table

    found = _Building()
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                cells = tuple(" ".join(cell.text.split()) for cell in row.cells)
                found.add(" | ".join(cells), "row", cells=cells)
            found.add("")
            continue
        words, style = " ".join(block.text.split()), (block.style.name if block.style else "") or ""
        if not words:
            continue
        if style.startswith(("Heading", "Title")):
            level = int(style.split()[-1]) if style.split()[-1].isdigit() else 1
            found.add(words, "heading", level=level)
        elif style.startswith("List") or block._p.pPr is not None and block._p.pPr.numPr is not None:
            found.add(f"• {words}", "item")
            continue
        else:
            found.add(words)
        found.add("")
    return found.lines


if __name__ == "__main__":
    _child(sys.argv[1], sys.argv[2])
