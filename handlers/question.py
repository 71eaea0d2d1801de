"""QUESTION: what do the documents say? A passage with its place, or an honest "the documents do not say"."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import rows, whole
from handlers.citing import cite, standing
from handlers.desk import Desk
from handlers.messages import Choice, Citation, Message, Outcome, Reply
from handlers.newer import Newer, newer
from handlers.not_said import from_a_paper_not_held, no_such_place, not_said
from handlers.questions.officers import OFFICER, added_by, beside, said_of
from handlers.sought import sought
from handlers.understanding import Asked
from knowledge.documents.found import Found
from knowledge.documents.references import Reference
from knowledge.documents.search import Index
from knowledge.models import Access

SHOWN = 3
"""Passages under an answer: the one that answers, and up to two more."""
_CLOSE = 0.55
"""How near to the best another passage must score to be shown beside it."""
_HEARD = 0.25
"""How well a digest entry must fit for its sentence to be shown."""


def answer(message: Message, desk: Desk) -> Reply:
    """The reply to a question about the documents."""
    it = sought(message, desk)
    asked, index, access = it.asked, it.index, it.access
    if reply := _unclear(asked, index, access):
        return reply
    if it.missing and len(it.missing) == len(asked.references):
        return no_such_place(it.missing, index, access)
    if reply := whole.by_name(asked, index, access) or rows.by_cells(asked, index, access):
        return reply
    if it.verdict.answers:
        return _answered(asked, it.found, index, access)
    return from_a_paper_not_held(asked, index, access) or not_said(asked, index, access)


def evidence(message: Message, desk: Desk) -> float:
    """How much speaks for the papers having an answer: from 0 on there is enough to give it."""
    return sought(message, desk).judged.evidence


# --- two readings -------------------------------------------------------------------------------------------------


def _unclear(asked: Asked, index: Index, access: frozenset[Access]) -> Reply | None:
    """Two readings, and nothing in the question to choose by: the desk asks."""
    if asked.subject:
        return None
    for term in asked.query.telling:
        senses = index.vocabulary.senses(term.alternatives[0].stems[0])
        if senses and len(asked.query.telling) <= 1:
            choices = [Choice(label=sense.means[0], text=f"What is the {sense.means[0]}?") for sense in senses]
            return _ask(f"“{term.surface.upper()}” can stand for more than one thing. Which do you mean?", choices)
    if len(asked.references) == 1 and not asked.query.telling:
        return _which_paper(asked.references[0], index, access)
    return None


def _which_paper(reference: Reference, index: Index, access: frozenset[Access]) -> Reply | None:
    numbers = index.references(access).get(reference, ())
    titles = [index.documents[id].title for id in dict.fromkeys(index.document_of(number) for number in numbers)]
    if len(titles) < 2:
        return None
    choices = [Choice(label=title, text=f"{title}: {reference.name}") for title in titles]
    return _ask(f"More than one paper has a {reference.name}. Which do you mean?", choices[:5])


def _ask(text: str, choices: list[Choice]) -> Reply:
    return Reply(outcome=Outcome.CLARIFY, text=text, choices=tuple(choices))


# --- answering ----------------------------------------------------------------------------------------------------


def _answered(asked: Asked, found: Sequence[Found], index: Index, access: frozenset[Access]) -> Reply:
    best = found[0]
    together = whole.together(asked, found, index) or rows.each(asked, found, index)
    shown = together or [one for one in found[:SHOWN] if one.score >= best.score * _CLOSE]
    later = newer(asked, index.passage(shown[0].number), index, access)
    shown = _beside(shown, later) if together else _beside(shown, later)[:SHOWN]
    passages = [index.passage(one.number) for one in shown]
    citations = [cite(asked, one, passage, index, access) for one, passage in zip(shown, passages, strict=True)]
    heard = best.entry and (best.voices.get("digest", 0.0) >= _HEARD or citations[0].source == OFFICER)
    told = index.entry(best.entry).digest if heard and best.entry else ""
    stood = " ".join(filter(None, (standing(asked, one, index) for one in (passages if together else passages[:1]))))
    counted = whole.counted(citations if together else citations[:1])
    text = " ".join(filter(None, (stood, told, counted, later.said if later else "")))
    choices = whole.to_work_through(citations, index)
    notes = _officers_notes(citations, index, access, heard=bool(heard))
    papers = tuple(one for place, one in enumerate(citations) if not place or one.source != OFFICER)
    return Reply(outcome=Outcome.ANSWERED, text=text, citations=papers, choices=choices, notes=notes)


def _beside(shown: list[Found], later: Newer | None) -> list[Found]:
    """The passages with that of a newer paper right beside the first."""
    if later is None or later.found is None:
        return shown
    number = later.found.number
    beside = next((one for one in shown if one.number == number), later.found)
    return [shown[0], beside, *(one for one in shown[1:] if one.number != number)]


def _officers_notes(
    citations: list[Citation], index: Index, access: frozenset[Access], *, heard: bool
) -> tuple[str, ...]:
    """What is the council's own in an answer, said as such."""
    notes = []
    for place, citation in enumerate(citations):
        own = index.own(citation.entry)
        if own is None:
            continue
        if citation.source == OFFICER:
            notes.append(said_of(citation) if not place else beside(citation, own.digest))
        elif heard and not place and own.made_by:
            notes.append(added_by(own, access))
    return tuple(notes)
