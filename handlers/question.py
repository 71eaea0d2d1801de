"""QUESTION: what do the documents say? A passage with its place, or an honest "the documents do not say"."""

from __future__ import annotations

import re

from handlers import rows, whole
from handlers.citing import cite, standing
from handlers.desk import Desk
from handlers.messages import Choice, Citation, Message, Outcome, Reply
from handlers.newer import Newer, newer
from handlers.questions.officers import OFFICER, added_by, beside, said_of
from handlers.understanding import Asked, understand
from knowledge.documents.deciding import Verdict, judge
from knowledge.documents.ranking import Found
from knowledge.documents.references import Reference, what_there_is
from knowledge.documents.search import Index
from knowledge.models import Access
from knowledge.text import words

SHOWN = 3
"""Passages under an answer: the one that answers, and up to two more."""
_CLOSE = 0.55
"""How near to the best another passage must score to be shown beside it."""
_ABSENT = 0.7
"""Share of a question a digest entry must speak of to answer for a paper that is not held."""
_HEARD = 0.25
"""How well a digest entry must fit for its sentence to be shown."""


def answer(message: Message, desk: Desk) -> Reply:
    """The reply to a question about the documents."""
    index, access = desk.index(), message.readable
    asked = understand(message, desk, index)
    if reply := _unclear(asked, index, access):
        return reply
    missing = missing_places(asked, index, access)
    if missing and len(missing) == len(asked.references):
        return _no_such_place(missing, index, access)
    if reply := whole.by_name(asked, index, access) or rows.by_cells(asked, index, access):
        return reply
    found = found_for(asked, index, access)
    if verdict_on(asked, found, missing, index, access).answers:
        return _answered(asked, found, index, access)
    return _from_a_paper_not_held(asked, index, access) or _not_said(asked, index, access)


def evidence(message: Message, desk: Desk) -> float:
    """How much speaks for the papers having an answer: from 0 on there is enough to give it."""
    index, access = desk.index(), message.readable
    asked = understand(message, desk, index)
    return _judged(asked, found_for(asked, index, access), index, access).evidence


def verdict_on(
    asked: Asked, found: list[Found], missing: list[Reference], index: Index, access: frozenset[Access]
) -> Verdict:
    """Whether what was found answers: at the places a question names it does, where there are such places."""
    if asked.references and not missing:
        return Verdict(bool(found), 1.0)
    return _judged(asked, found, index, access)


def _judged(asked: Asked, found: list[Found], index: Index, access: frozenset[Access]) -> Verdict:
    near = bool(found) and asked.near.get(found[0].number) == 1.0
    return judge(asked.query, found, words_on(found, index), index.unsaid(asked.query, access), near=near)


def found_for(asked: Asked, index: Index, access: frozenset[Access]) -> list[Found]:
    """The passages that may answer, best first; of a question that names places those there."""
    return index.search(asked.query, access, only=_places(asked, index, access), near=asked.near)


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


# --- places -------------------------------------------------------------------------------------------------------


def missing_places(asked: Asked, index: Index, access: frozenset[Access]) -> list[Reference]:
    """The places named that no paper has, and that no paper speaks of either ("section 106 agreements")."""
    held = index.references(access) if asked.references else {}
    return [
        place
        for place in asked.references
        if place not in held and not index.says([word.stem for word in words(place.name)], access)
    ]


def _places(asked: Asked, index: Index, access: frozenset[Access]) -> list[int] | None:
    """The passages at the places named; where the question names a paper too, that paper's only."""
    if not asked.references:
        return None
    held = index.references(access)
    numbers = [number for reference in asked.references for number in held.get(reference, ())]
    named = {id for id, about in index.documents.items() if about.title.lower() in asked.text.lower()}
    return [number for number in numbers if index.document_of(number) in named] or numbers or None


def _no_such_place(missing: list[Reference], index: Index, access: frozenset[Access]) -> Reply:
    names = " and ".join(place.name for place in missing)
    notes = []
    for kind in dict.fromkeys(place.kind for place in missing):
        there_is = what_there_is(kind, [held.number for held in index.references(access) if held.kind == kind])
        notes += [f"What there is: {there_is}."] if there_is else []
    text = f"The documents do not say: there is no {names} in them."
    return Reply(outcome=Outcome.NOT_IN_DOCUMENTS, text=text, notes=tuple(notes))


# --- answering ----------------------------------------------------------------------------------------------------


def _answered(asked: Asked, found: list[Found], index: Index, access: frozenset[Access]) -> Reply:
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


def words_on(found: list[Found], index: Index) -> str:
    """The words in which what a question wants must stand: the digest's on the best passage, which have its figures,
    dates and names; where it has no digest, its own."""
    if not found:
        return ""
    return index.entry(found[0].entry).digest if found[0].entry else index.passage(found[0].number).text


def _from_a_paper_not_held(asked: Asked, index: Index, access: frozenset[Access]) -> Reply | None:
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


def _not_said(asked: Asked, index: Index, access: frozenset[Access]) -> Reply:
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
