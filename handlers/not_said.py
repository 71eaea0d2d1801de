"""What is said where the papers held here do not answer: which place there is none of, whose paper would, or honestly
that the documents do not say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.messages import Citation, Outcome, Reply
from handlers.understanding import Asked
from knowledge.documents.references import Reference, what_there_is
from knowledge.documents.search import Index
from knowledge.models import Access

_ABSENT = 0.7
"""Share of a question a digest entry must speak of to answer for a paper that is not held."""


def no_such_place(missing: Sequence[Reference], index: Index, access: frozenset[Access]) -> Reply:
    """The papers have none of the places a question names: what there is of their kind."""
    names = " and ".join(place.name for place in missing)
    notes = []
    for kind in dict.fromkeys(place.kind for place in missing):
        there_is = what_there_is(kind, [held.number for held in index.references(access) if held.kind == kind])
        notes += [f"What there is: {there_is}."] if there_is else []
    text = f"The documents do not say: there is no {names} in them."
    return Reply(outcome=Outcome.NOT_IN_DOCUMENTS, text=text, notes=tuple(notes))


def from_a_paper_not_held(asked: Asked, index: Index, access: frozenset[Access]) -> Reply | None:
    """The digest knows papers this desk does not hold: it says whose they are, and that the text is not at hand."""
    for number, _score, cover in index.absent(asked.query, access):
        entry = index.entry(number)
        paper = index.papers.get(entry.document)
        if cover < _ABSENT or paper is None or paper.access not in access:
            continue
        whose = f"{paper.publisher}, {paper.title}" if paper.publisher else paper.title
        citation = Citation(
            document=paper.id,
            title=paper.title,
            locator=entry.locator,
            quote=None,
            published=paper.published,
            status=paper.status,
        )
        rests = f"This rests on {whose} ({paper.id}), {entry.locator}."
        note = f"{rests} Its text is not at hand here, so it is not quoted."
        return Reply(outcome=Outcome.ANSWERED, text=entry.digest, citations=(citation,), notes=(note,))
    return None


def not_said(asked: Asked, index: Index, access: frozenset[Access]) -> Reply:
    """No citation stands under this: what is near is not an answer. Only what the asker may read is spoken of."""
    notes = []
    strange = [
        term.surface
        for term in asked.query.telling
        if not term.around
        and not term.figure
        and not any(index.says(meant.stems, access) for meant in term.alternatives)
    ]
    if strange:
        notes.append(
            "Nothing in them speaks of " + ", ".join(f"“{_as_typed(word, asked.text)}”" for word in strange[:5]) + "."
        )
    readable = index.readable(access)
    looked = f"I looked in {_papers(readable)}" if readable else "No papers are indexed yet"
    notes.append(f"{looked}. Other words may find it: say what it is about, or name a place (“principle 6”).")
    return Reply(outcome=Outcome.NOT_IN_DOCUMENTS, text="The documents do not say.", notes=tuple(notes))


def _as_typed(word: str, text: str) -> str:
    """A word as it stands in what was asked ("CPV"); as it was read where it stands otherwise."""
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    return found[0] if found else word


def _papers(count: int) -> str:
    return "the one paper" if count == 1 else f"all {count} papers"
