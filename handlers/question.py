"""QUESTION: what do the documents say? A passage with its place, or an honest "the documents do not say"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.desk import Desk
from handlers.messages import Choice, Citation, Mark, Message, Outcome, Reply
from knowledge.conversations import Turn, recent
from knowledge.dates import in_words
from knowledge.documents import quoting
from knowledge.documents.deciding import Verdict, judge
from knowledge.documents.query import Query
from knowledge.documents.references import Reference, in_question, what_there_is, without_references
from knowledge.documents.search import Found, Index
from knowledge.documents.supersession import superseded_by
from knowledge.models import Access, Passage, readable_by
from knowledge.text import content, words

SHOWN = 3
"""Passages under an answer: the one that answers, and up to two more."""
_CLOSE = 0.55
"""How near to the best another passage must score to be shown beside it."""
_ABSENT = 0.7
"""Share of a question a digest entry must speak of to answer for a paper that is not held."""

_ABOUT_PAPERS = frozenset({Outcome.ANSWERED, Outcome.CLARIFY, Outcome.NOT_IN_DOCUMENTS})

_FOLLOW_UP = re.compile(
    r"^\W*(and|but|also|or|what about|how about|same (for|with)|ok(ay)?,? and|so what about|then what about|what if)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(it|its|they|them|theirs|he|she)\b|\b(this|that|these|those)\b(?=\W*$|\s+(is|are|was|were|mean|means|apply|applies|"
    r"count|counts|work|works|include|includes|cover|covers|happen|happens|about|for|in|to|on|by)\b)",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"^\W*((what|where|how) (does|do|did|is|are) (it say in )?(the|this|that|our|your|kcc'?s?|kent'?s?)( \w+)? "
    r"(framework|papers?|documents?|policy|policies|strategy|report|action plan|guide|guidance)( \w+)? "
    r"(say|says|mention|tell us|cover)( anything)?( about| on| regarding| of)?\b"
    r"|(according to|in|under) (the|this|our) (\w+ )?(framework|papers?|documents?|action plan|guide|report),)\s*",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\b(lists?|listing|checklist|bullet points|what are (the|all|our|your|kcc'?s)|name (the|all)|all (of )?the \w+s|"
    r"(which|what) (\w+ )?(questions|qs|principles|stages|attributes|behaviours|steps|priorities|deliverables|commitments|"
    r"responsibilities|duties|criteria|characteristics|capabilities|benefits|reasons)|"
    r"(questions|qs) (does|do|must|should|to)|must .{0,40}(cover|contain|include|answer)|responsible for)\b",
    re.IGNORECASE,
)
"""Asking for a list, which then comes whole."""
_LIST_LINES = 4
"""Lines from which a passage is a list."""
_CELLS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (
        re.compile(
            r"\b(status|done|delivered|complete[d]?|finished|progress|progressing|update|where are we|happened|stand|far)\b",
            re.IGNORECASE,
        ),
        frozenset({"status", "progress"}),
    ),
    (re.compile(r"\b(who|whose|owner|owns|responsible|lead|leads)\b", re.IGNORECASE), frozenset({"owner"})),
    (
        re.compile(r"\b(when|deadline|by what date|timescale|timescales|due|by when)\b", re.IGNORECASE),
        frozenset({"when", "by when"}),
    ),
)


@dataclass(frozen=True)
class _Asked:
    """A question with its conversation behind it."""

    text: str
    query: Query
    references: tuple[Reference, ...]
    subject: str = ""
    near: frozenset[int] = frozenset()


def answer(message: Message, desk: Desk) -> Reply:
    """The reply to a question about the documents."""
    index = desk.index()
    access = frozenset({Access.PUBLIC}) if message.public else readable_by(message.roles)
    asked = _understand(message, desk, index)
    if reply := _unclear(asked, index, access):
        return reply
    missing = _missing_places(asked, index)
    if missing and len(missing) == len(asked.references):
        return _no_such_place(missing, index)
    found = index.search(asked.query, access, only=_places(asked, index), near=asked.near)
    if asked.references and not missing:
        verdict = Verdict(bool(found), 1.0)
    else:
        verdict = judge(asked.query, found, _words_of(found, index))
    if verdict.answers:
        return _answered(asked, found, index, access)
    return _from_a_paper_not_held(asked, index) or _not_said(verdict, index, access)


# --- understanding ------------------------------------------------------------------------------------------------


def _understand(message: Message, desk: Desk, index: Index) -> _Asked:
    text = _asked_part(message.text)
    text, frame = _unframed(text)
    earlier = _earlier(message, desk)
    subject = ""
    near: frozenset[int] = frozenset()
    if earlier and _follows_up(text, index):
        subject = " ".join(turn.question for turn in earlier)
        near = frozenset(_numbers(earlier[-1], index)) if _POINTS_BACK.search(text) else frozenset()
    references = tuple(in_question(text, index.row_letters))
    if subject and not references and _POINTS_BACK.search(text):
        references = tuple(in_question(earlier[-1].question, index.row_letters))
    bare = without_references(text, index.row_letters) if references else text
    rest = "" if frame or text == message.text else message.text
    return _Asked(text, index.asker.understand(bare, faded=subject or frame or rest), references, subject, near)


def _asked_part(text: str) -> str:
    """The sentences that ask, where a long message has some; else all of it."""
    if len(content(words(text))) < 30:
        return text
    sentences = re.split(r"(?<=[.?!])\s+|\n+", text)
    asking = [sentence for sentence in sentences if sentence.rstrip().endswith("?")]
    return " ".join(asking) if asking and len(content(words(" ".join(asking)))) >= 3 else text


def _unframed(text: str) -> tuple[str, str]:
    """A question and the frame it came in: "what does the framework say about grants?" asks for "grants?"."""
    match = _FRAME.match(text)
    if not match or len(content(words(text[match.end() :]))) < 1:
        return text, ""
    return text[match.end() :].strip(), match.group()


def _earlier(message: Message, desk: Desk) -> list[Turn]:
    """The turns a follow-up may refer to: back to the last question that stood on its own."""
    if not message.thread:
        return []
    with desk.store.reading() as connection:
        turns = [turn for turn in recent(connection, message.thread, 6) if turn.reply.get("outcome") in _ABOUT_PAPERS][
            -3:
        ]
    for place in range(len(turns) - 1, -1, -1):
        if not _FOLLOW_UP.match(turns[place].question):
            return turns[place:]
    return turns


def _follows_up(text: str, index: Index) -> bool:
    telling = len(index.asker.understand(text).telling)
    if in_question(text, index.row_letters):
        return False
    if _FOLLOW_UP.match(text):
        return telling <= 8
    return telling == 0 or (telling <= 4 and bool(_POINTS_BACK.search(text)))


def _numbers(turn: Turn, index: Index) -> list[int]:
    return index.numbers([citation["passage"] for citation in turn.reply.get("citations", ())])


def _unclear(asked: _Asked, index: Index, access: frozenset[Access]) -> Reply | None:
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
    papers: dict[str, int] = {}
    for number in index.references.get(reference, ()):
        document = index.document_of(number)
        if index.documents[document].access in access:
            papers.setdefault(document, number)
    if len(papers) < 2:
        return None
    choices = [
        Choice(label=f"{index.documents[id].title}", text=f"{index.documents[id].title}: {reference.name}")
        for id in papers
    ]
    return _ask(f"More than one paper has a {reference.name}. Which do you mean?", choices[:5])


def _ask(text: str, choices: list[Choice]) -> Reply:
    return Reply(outcome=Outcome.CLARIFY, text=text, choices=tuple(choices))


# --- places -------------------------------------------------------------------------------------------------------


def _missing_places(asked: _Asked, index: Index) -> list[Reference]:
    """The places named that no paper has, and that no paper speaks of either ("section 106 agreements")."""
    return [
        reference
        for reference in asked.references
        if reference not in index.references and not index.says([word.stem for word in words(reference.name)])
    ]


def _places(asked: _Asked, index: Index) -> list[int] | None:
    """The passages at the places named; where the question names a paper too, that paper's only."""
    numbers = [number for reference in asked.references for number in index.references.get(reference, ())]
    named = {id for id, about in index.documents.items() if about.title.lower() in asked.text.lower()}
    return [number for number in numbers if index.document_of(number) in named] or numbers or None


def _no_such_place(missing: list[Reference], index: Index) -> Reply:
    names = " and ".join(reference.name for reference in missing)
    notes = []
    for kind in dict.fromkeys(reference.kind for reference in missing):
        there_is = what_there_is(kind, [reference.number for reference in index.references if reference.kind == kind])
        if there_is:
            notes.append(f"There is {there_is}.")
    return Reply(
        outcome=Outcome.NOT_IN_DOCUMENTS,
        text=f"The documents do not say: there is no {names} in them.",
        notes=tuple(notes),
    )


# --- answering ----------------------------------------------------------------------------------------------------


def _words_of(found: list[Found], index: Index) -> str:
    """The words of the best passage, with its digest's."""
    if not found:
        return ""
    digest = index.entry(found[0].entry).digest if found[0].entry else ""
    return f"{index.passage(found[0].number).text} {digest}"


def _answered(asked: _Asked, found: list[Found], index: Index, access: frozenset[Access]) -> Reply:
    best = found[0]
    shown = [one for one in found[:SHOWN] if one.score >= best.score * _CLOSE]
    labels = _cells(asked.text) if asked.references else frozenset()
    listed = bool(_LIST.search(asked.text))
    passages = [index.passage(one.number) for one in shown]
    citations = tuple(
        _citation(index, one, passage, asked.query, listed and _is_list(passage), labels, access)
        for one, passage in zip(shown, passages, strict=True)
    )
    sentence = index.entry(best.entry).digest if best.entry and best.voices.get("digest", 0) >= 0.25 else ""
    standing = _standing(passages[0], index) if "status" in labels else ""
    return Reply(
        outcome=Outcome.ANSWERED, text=" ".join(part for part in (standing, sentence) if part), citations=citations
    )


def _is_list(passage: Passage) -> bool:
    return passage.text.count("\n") + 1 >= _LIST_LINES


def _cells(text: str) -> frozenset[str]:
    """The cells of a table's row that a question asks about."""
    return frozenset[str]().union(*(labels for pattern, labels in _CELLS if pattern.search(text)))


def _standing(passage: Passage, index: Index) -> str:
    """A status is always of a day."""
    status = passage.labelled("status")
    if not status:
        return ""
    published = index.documents[passage.document].published
    return f"{passage.locator} stood at “{status}”" + (f" as of {in_words(published)}." if published else ".")


def _citation(
    index: Index,
    found: Found,
    passage: Passage,
    query: Query,
    whole: bool,
    labels: frozenset[str],
    access: frozenset[Access],
) -> Citation:
    about = index.documents[passage.document]
    digest = index.entry(found.entry).digest if found.entry else ""
    text = quoting.quote(passage, query, whole=whole, labels=labels, digest=digest)
    newer = superseded_by(passage, (one for one in index.documents.values() if one.access in access))
    return Citation(
        document=about.id,
        title=about.title,
        locator=passage.locator,
        quote=text,
        path=f"/documents/{about.id}#{passage.anchor}" if about.access is Access.PUBLIC else None,
        marks=tuple(Mark(start=start, end=end) for start, end in quoting.marks(text, query)),
        published=about.published,
        status=about.status,
        note=f"superseded by {newer.title} ({newer.id})" if newer else "",
        also_in=tuple(f"{document}, {locator}" for document, locator in index.copies(found.number, access)),
        page=passage.page,
        headings=passage.headings,
        passage=passage.id,
    )


def _from_a_paper_not_held(asked: _Asked, index: Index) -> Reply | None:
    """The digest knows papers this desk does not hold: it says whose they are, and that the text is not at hand."""
    for number, _score, cover in index.absent(asked.query)[:1]:
        entry = index.entry(number)
        if cover < _ABSENT or entry.document not in index.papers:
            continue
        paper = index.papers[entry.document]
        whose = f"{paper.publisher}, {paper.title}" if paper.publisher else paper.title
        citation = Citation(
            document=paper.id,
            title=paper.title,
            locator=entry.locator,
            quote=None,
            published=paper.published,
            status=paper.status,
        )
        note = (
            f"This rests on {whose} ({paper.id}), {entry.locator}. Its text is not at hand here, so it is not quoted."
        )
        return Reply(outcome=Outcome.ANSWERED, text=entry.digest, citations=(citation,), notes=(note,))
    return None


def _not_said(verdict: Verdict, index: Index, access: frozenset[Access]) -> Reply:
    """No citation stands under this: what is near is not an answer."""
    readable = [about for about in index.documents.values() if about.access in access]
    notes = []
    if verdict.unknown:
        notes.append("Nothing in them speaks of " + ", ".join(f"“{word}”" for word in verdict.unknown[:5]) + ".")
    looked = "no papers are indexed yet" if not readable else f"I looked in {_papers(len(readable))}"
    notes.append(
        f"{looked[0].upper()}{looked[1:]}. Other words may find it: say what it is about, or name a place (“principle 6”)."
    )
    return Reply(outcome=Outcome.NOT_IN_DOCUMENTS, text="The documents do not say.", notes=tuple(notes))


def _papers(count: int) -> str:
    return "the one paper" if count == 1 else f"all {count} papers"
