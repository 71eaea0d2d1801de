"""The document viewer: /documents/<id>#<passage>. Whoever has not signed in sees public documents only."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template

from knowledge import library
from knowledge.dates import in_words
from knowledge.models import Document, Passage, join_parts
from webhooks.quotations import pieces_of
from webhooks.safety import current_wiring, public
from webhooks.visitors import visitor

blueprint = Blueprint("documents", __name__)


@blueprint.get("/documents")
@public
def listing() -> str:
    """The documents this visitor may read."""
    readable = visitor().readable
    with current_wiring().store.reading() as connection:
        found = [about for about in library.documents(connection) if about.access in readable]
    return render_template("documents.html", documents=found, in_words=in_words)


@blueprint.get("/documents/<id>")
@public
def viewer(id: str) -> str:
    """One document, passage by passage. To whoever may not read it, it does not exist."""
    readable = visitor().readable
    with current_wiring().store.reading() as connection:
        about = library.document(connection, id)
        if about is None or about.access not in readable:
            abort(404)
        passages = library.passages(connection, id)
        gone = library.passages(connection, id, gone=True)
    return render_template(
        "document.html", about=about, published=in_words(about.published), sections=_sections(about, passages, gone)
    )


def _sections(about: Document, passages: list[Passage], gone: list[Passage]) -> list[dict[str, Any]]:
    """Passages for the page: each with the headings that are new above it, and with the old links that lead to it."""
    sections: list[dict[str, Any]] = []
    shown: tuple[str, ...] = ()
    for passage in passages:
        fresh = [
            heading
            for place, heading in enumerate(passage.headings)
            if passage.headings[: place + 1] != shown[: place + 1]
        ]
        fresh = [heading for heading in fresh if heading != about.title]
        shown = passage.headings
        sections.append({"passage": passage, "headings": fresh, "parts": _parts(passage), "gone": []})
    for old in gone:
        if sections:
            nearest = min(
                range(len(sections)), key=lambda place: abs(sections[place]["passage"].position - old.position)
            )
            sections[nearest]["gone"].append(old)
    return sections


def _parts(passage: Passage) -> list[dict[str, Any]]:
    """Runs of parts with the same label, so that a table's row shows its cells under their names. A heading that the
    page shows above is not said again."""
    parts = passage.parts[1:] if len(passage.parts) > 1 and passage.parts[0].text in passage.headings else passage.parts
    found = []
    for label, run in groupby(parts, key=lambda part: part.label):
        cell = tuple(run)
        found.append(
            {"label": label, "pieces": pieces_of(join_parts(cell)), "gap": not cell[0].joined and cell[0] != parts[0]}
        )
    return found
