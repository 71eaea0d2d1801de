"""HTML, by lxml."""

from __future__ import annotations

from typing import Any

from knowledge.documents.reading.lines import Building, Line, Unreadable

_HTML_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike
    strong sub sup time tt u var wbr""".split()  # noqa: SIM905
)
_HTML_UNSEEN = {"script", "style", "noscript", "template", "nav", "head"}
_HTML_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HTML_DEEPEST = 250
"""libxml2 drops without a word what is nested deeper than 256 elements."""


def html_lines(text: str) -> list[Line]:
    from lxml import etree
    from lxml import html as lxml_html

    try:
        root = lxml_html.document_fromstring(
            text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"not HTML: {error}") from None
    found = Building()
    _Html(found).run(root)
    return found.lines


class _Html:
    """Walks a page and gathers its words into lines: any element that is not inline begins and ends one."""

    def __init__(self, found: Building) -> None:
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
