"""A file in, its lines out. Every kind of file becomes the same thing: lines of text with what is known of
each (its page, whether it is a heading, a list item or a table's row).

PDF and DOCX are read in a process of their own, bounded in time and memory, because a file made to harm (a zip
bomb, a loop of objects) must not take the desk with it.
"""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple


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


_BINARY = "binary, not text: save it as UTF-8 text"
READABLE = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx")
_ISOLATED = (".pdf", ".docx")
_TOO_MUCH = "reading it took more memory than allowed (DESK_MAX_READ_MEMORY)"
_NOT_WORD = "not a Word document (.docx), whatever its name says: give it its right ending, or save it again"
_ENCRYPTED = "encrypted: it needs a password. Save a copy without one"


def read(path: Path, limits: Limits | None = None) -> Extract:
    """The lines of one file, by its ending. Raises Unreadable with the reason."""
    limits = limits or Limits()
    suffix = check(path, limits)
    extract = _read_isolated(path, limits) if suffix in _ISOLATED else _read_text(path, suffix)
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
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):  # a pipe or a device would keep the desk waiting for ever
        raise Unreadable("not a file: it is a pipe, a device or a folder")
    if about.st_size == 0:
        raise Unreadable("the file is empty")
    if about.st_size > limits.file_bytes:
        raise Unreadable(f"{about.st_size:,} bytes, more than the {limits.file_bytes:,} allowed (DESK_MAX_FILE_BYTES)")
    return suffix


_ILLEGIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of characters, which a file may hold and no database takes."""


def _legible(line: Line) -> Line:
    cells = tuple(_ILLEGIBLE.sub("", cell) for cell in line.cells)
    return line._replace(text=_ILLEGIBLE.sub("", line.text), cells=cells)


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
    text = _decoded(data)
    odd = sum(1 for char in text if ord(char) < 32 and char not in "\t\n\r\f\v")
    if odd > len(text) * 0.01 or "\x00" in text:
        raise Unreadable(_BINARY)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(
            data, "utf-16", "its byte order mark says UTF-16 and the rest does not follow it: save it as UTF-8"
        )
    if b"\x00" in data:
        raise Unreadable(_BINARY)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strict(data, "cp1252", "neither UTF-8 nor Windows-1252 text: save it as UTF-8")


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
    row: list[str] | None = None
    heading, depth, bullet = 0, 0, ""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            bullet = f"{token.info}{token.markup} " if token.info else "• "
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            found.add(" | ".join(row), "row", cells=tuple(row))
            row = None
        elif token.type == "inline":
            words = _markdown_words(token)
            if row is not None:
                row.append(words)
            elif heading:
                found.add(words, "heading", level=heading)
                heading = 0
            elif depth:
                found.add(bullet + words, "item")
            else:
                found.add(words)
        elif token.type in ("paragraph_close", "heading_close", "table_close"):
            found.add("")
        elif token.type in ("fence", "code_block"):
            found.add(token.content.strip())
        elif token.type == "html_block":
            found.lines.extend(_html(f"<body>{token.content}</body>"))
    return found.lines


def _markdown_words(inline: Any) -> str:
    """The words of a run without its marks: "see [the **plan**](url)" -> "see the plan"."""
    pieces = [child.content if child.type in ("text", "code_inline", "image") else "" for child in inline.children]
    breaks = [" " if child.type in ("softbreak", "hardbreak", "html_inline") else "" for child in inline.children]
    return " ".join("".join(piece + gap for piece, gap in zip(pieces, breaks, strict=True)).split())


_HTML_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike
    strong sub sup time tt u var wbr""".split()  # noqa: SIM905
)
_HTML_UNSEEN = {"script", "style", "noscript", "template", "nav", "head"}
_HTML_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HTML_DEEPEST = 250
"""libxml2 drops without a word what is nested deeper than 256 elements."""


def _html(text: str) -> list[Line]:
    from lxml import etree
    from lxml import html as lxml_html

    try:
        root = lxml_html.document_fromstring(
            text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"not HTML: {error}") from None
    found = _Building()
    _Html(found).run(root)
    return found.lines


class _Html:
    """Walks a page and gathers its words into lines: any element that is not inline begins and ends one."""

    def __init__(self, found: _Building) -> None:
        self._found = found
        self._words: list[str] = []
        self._row: list[str] | None = None
        self._kind, self._level = "text", 0

    def run(self, root: Any) -> None:
        from lxml import etree

        unseen = deep = 0
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            step = {"start": 1, "end": -1}.get(event, 0)
            deep += step
            if deep > _HTML_DEEPEST:
                raise Unreadable("its parts are nested too deeply: save it again, as simpler HTML or as PDF")
            if step and element.tag in _HTML_UNSEEN:
                unseen += step
            elif step and not unseen and element.tag not in _HTML_INLINE:
                (self._begin if step > 0 else self._end)(element.tag)
            if not unseen:
                self._words.append((element.text if event == "start" else element.tail) or "")
        self._line()

    def _begin(self, tag: str) -> None:
        if tag == "table":
            self._spill()
        if self._row is not None or (tag == "br" and self._kind == "heading"):
            self._words.append(" ")  # inside a cell a paragraph is only a space
            return
        self._line(blank=tag != "br")
        if tag == "tr":
            self._row = []
        elif tag == "li":
            self._kind = "item"
        elif tag in _HTML_HEADINGS:
            self._kind, self._level = "heading", int(tag[1])

    def _end(self, tag: str) -> None:
        if self._row is None:
            if tag != "br":
                self._line()
            if tag == "li" or tag in _HTML_HEADINGS:
                self._kind, self._level = "text", 0
        elif tag in ("td", "th"):
            self._row.append(self._taken())
        elif tag == "tr":
            self._add_row()
        else:
            self._words.append(" ")

    def _add_row(self) -> None:
        row, self._row = tuple(self._row or ()), None
        if any(row):
            self._found.add(" | ".join(row), "row", cells=row)

    def _spill(self) -> None:
        """A table inside a cell: the cell was only there for the layout, and its words are text."""
        row, self._row = (*(self._row or ()), self._taken()), None
        for words in filter(None, row):
            self._found.add(words)
            self._found.add("")

    def _taken(self) -> str:
        words, self._words = " ".join("".join(self._words).split()), []
        return words

    def _line(self, *, blank: bool = True) -> None:
        words, kind, level = self._taken(), self._kind, self._level
        if not words:
            return
        self._kind, self._level = "text", 0
        self._found.add(f"• {words}" if kind == "item" else words, kind, level=level)
        if blank and kind != "item":
            self._found.add("")


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
        raise Unreadable(f"{_TOO_MUCH}, or broke the reader")
    answer = json.loads(done.stdout)
    if "reason" in answer:
        raise Unreadable(answer["reason"])
    lines = tuple(Line(text, kind, page, level, tuple(cells)) for text, kind, page, level, cells in answer["lines"])
    return Extract(lines, answer["pages"])


def _here() -> Path:
    return Path(__file__).resolve().parents[2]


def _child(bounds: str, name: str) -> None:
    pages, memory, unpacked = json.loads(bounds)
    __import__("pypdf" if name.lower().endswith(".pdf") else "docx")  # first: what is half imported seems to be missing
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
        answer = {"reason": _TOO_MUCH}
    except RecursionError:
        answer = {"reason": "its parts are nested too deeply"}
    except Exception as error:  # a broken file may raise anything; the reason names what it was
        answer = {"reason": _TOO_MUCH if _NO_MEMORY.search(str(error)) else _damage(error)}
    print(json.dumps(answer))


_NO_MEMORY = re.compile(r"(?i)memory|\bError -4\b|failed to map|^unknown error")
"""How libraries say that they got no memory, which is no damage of the file: lxml, zlib, the loader."""


def _damage(error: Exception) -> str:
    said = " ".join(str(error).split())[:200]
    return f"damaged ({type(error).__name__}: {said}): open it and save it again"


def _pdf(path: Path, max_pages: int, _unpacked: int) -> Extract:
    import logging

    import pypdf
    from pypdf.errors import DependencyError

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


def _docx(path: Path, _pages: int, unpacked: int) -> Extract:
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
    import docx

    found = _Building()
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


def _docx_paragraph(element: Any, styles: dict[str, str], found: _Building) -> None:
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


def _docx_table(element: Any, found: _Building) -> None:
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


if __name__ == "__main__":
    _child(sys.argv[1], sys.argv[2])
