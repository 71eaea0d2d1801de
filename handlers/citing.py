"""Citations: what of the passages found is shown, with everything a reader must know of its place."""

from __future__ import annotations

import re

from handlers.messages import Citation, Mark
from handlers.questions import officers
from handlers.understanding import Asked
from knowledge.dates import in_words
from knowledge.documents import quoting
from knowledge.documents.found import Found
from knowledge.documents.listing import asks_for_list, has_bare_lines, items_of, quote_list
from knowledge.documents.own import own_id
from knowledge.documents.search import Index
from knowledge.documents.supersession import superseded_by
from knowledge.models import Access, Passage
from knowledge.text import words

_TABLE_LENGTH = 3_000
"""Characters up to which a table comes whole, whatever was asked: half a table misleads."""
_CELLS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (
        re.compile(
            r"\b(status|done|delivered|completed?|finished|progress\w*|update|where are we|happened|stand|far)\b",
            re.IGNORECASE,
        ),
        frozenset({"status", "progress"}),
    ),
    (re.compile(r"\b(who|whose|owner|owns|responsible|leads?)\b", re.IGNORECASE), frozenset({"owner"})),
    (re.compile(r"\b(when|deadline|timescales?|due)\b", re.IGNORECASE), frozenset({"when", "by when"})),
)
"""The cells of a table's row that a question asks about, by the names outlines and tables give them."""
_SMALL_CELLS = frozenset({"owner", "when", "by when"})
"""Cells of a word or two, which in the middle of a quotation only puzzle."""
_BESIDES = 3
"""Telling words beside the row's name up to which a question may be about such a cell."""


def cite(
    asked: Asked,
    found: Found,
    passage: Passage,
    index: Index,
    access: frozenset[Access],
    labels: frozenset[str] = frozenset(),
) -> Citation:
    """The citation of one passage, for a reader of this access. `labels`: the cells of a row that are asked about,
    where that is known."""
    if own := index.own(own_id(passage.document)):
        return officers.cite(own, passage, index, access)
    about = index.documents[passage.document]
    text = _quote(asked, found, passage, index, labels)
    newer = superseded_by(passage, (one for one in index.documents.values() if one.access in access))
    return Citation(
        document=about.id,
        title=about.title,
        locator=passage.locator,
        quote=text,
        path=f"/documents/{about.id}#{passage.anchor}" if about.access is Access.PUBLIC else None,
        marks=tuple(Mark(start=start, end=end) for start, end in quoting.marks(text, asked.query)),
        published=about.published,
        status=about.status,
        note=f"superseded by {newer.title} ({newer.id})" if newer else "",
        also_in=tuple(f"{document}, {locator}" for document, locator in index.copies(found.number, access)),
        page=passage.page,
        headings=passage.headings,
        passage=passage.id,
        entry=index.entry(found.entry).id if found.entry else "",
        items=0 if labels else listed(asked, passage),
    )


def standing(asked: Asked, passage: Passage, index: Index) -> str:
    """What the cells say that a question about a row asks for, in a sentence. A status is always of a day."""
    cells = _cells(asked)
    said = []
    if "status" in cells and (status := passage.labelled("status")):
        published = in_words(index.documents[passage.document].published)
        said.append(f"{passage.locator} stood at “{status}”" + (f" as of {published}." if published else "."))
    for label in sorted(cells & _SMALL_CELLS):
        if cell := ", ".join(line.removeprefix("• ") for line in passage.labelled(label).splitlines()):
            said.append(f"{passage.locator}, {label}: {cell}.")
    return " ".join(said)


def _quote(asked: Asked, found: Found, passage: Passage, index: Index, labels: frozenset[str]) -> str:
    digest = index.entry(found.entry).digest if found.entry else ""
    if not labels and listed(asked, passage):
        return quote_list(passage, asked.query)
    labels = labels or _cells(asked)
    table = " | " in passage.text and len(passage.text) <= _TABLE_LENGTH
    whole = table or (asks_for_list(asked.text) and has_bare_lines(passage))
    return quoting.quote(passage, asked.query, whole=whole, labels=labels, aside=_SMALL_CELLS - labels, digest=digest)


def listed(asked: Asked, passage: Passage) -> int:
    """How many items of a passage are shown as the list that is asked for, 0 where it is shown as anything else: a
    table's row of which one cell is asked shows that cell."""
    if not asks_for_list(asked.text) or any(passage.labelled(label) for label in _cells(asked)):
        return 0
    return len(items_of(passage))


def _cells(asked: Asked) -> frozenset[str]:
    """The cells asked about, where the question names a row. One that says much besides ("under R8, who decides the
    best way of ...") wants the text, not the cell of a word or two."""
    if not asked.references:
        return frozenset()
    asks = frozenset[str]().union(*(labels for pattern, labels in _CELLS if pattern.search(asked.text)))
    named = {word.stem for place in asked.references for word in words(place.name)}
    besides = [term for term in asked.query.telling if term.alternatives[0].stems[0] not in named]
    return asks - _SMALL_CELLS if len(besides) > _BESIDES else asks
