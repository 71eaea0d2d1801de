"""What a question is about: its words, the places it names, and the conversation behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.desk import Desk
from handlers.messages import Message, Outcome
from knowledge.conversations import Turn, recent
from knowledge.documents.query import Query
from knowledge.documents.references import Reference, in_question, without_references
from knowledge.documents.search import Index
from knowledge.text import content, words

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
_NAMES_PAPERS = re.compile(
    r"\b(do|does|did|what|where|which)\b.{0,40}\b(framework|papers?|documents?|polic(y|ies)|strategy|report|action "
    r"plan|guid(e|ance))\b( \w+)? (say|says|said|mentions?|tells?|covers?|requires?|expects?|ask)\b",
    re.IGNORECASE,
)
_IN_A_PAPER = re.compile(
    r"\b(?:in|of|from|by) (?:the|our|your) (?:\w+ ){0,3}"
    r"(?:framework|papers?|report|polic(?:y|ies)|strategy|action plan|guidance)\b",
    re.IGNORECASE,
)
_LONG = 30
"""Telling words from which a message is reduced to the sentences that ask."""
_FEW = 4
"""Telling words up to which a question that points back ("who signs that?") follows up."""
_BESIDE = 0.4
"""How near the passages beside an answer are to the conversation, the answer itself being 1."""


@dataclass(frozen=True)
class Asked:
    """A question with its conversation behind it. `near`: the passages the conversation is about, and how nearly."""

    text: str
    query: Query
    references: tuple[Reference, ...]
    subject: str = ""
    near: Mapping[int, float] = field(default_factory=dict)


def understand(message: Message, desk: Desk, index: Index) -> Asked:
    """The question of a message."""
    text, frame = _unframed(_asked_part(message.text))
    earlier = _earlier(message, desk)
    subject, near = "", dict[int, float]()
    back = points_back(text)
    if earlier and _follows_up(text, back, index):
        subject = " ".join(turn.question for turn in earlier)
        near = _near(earlier[-1], index) if back or not _FOLLOW_UP.match(text) else {}
    references = tuple(in_question(text, index.row_letters))
    if subject and not references and back:
        references = tuple(in_question(earlier[-1].question, index.row_letters))
    bare = without_references(text, index.row_letters) if references else text
    rest = "" if frame or text == message.text else message.text
    return Asked(text, index.asker.understand(bare, faded=subject or frame or rest), references, subject, near)


def names_papers(text: str) -> bool:
    """Whether a message asks what some paper says, in so many words."""
    return bool(_FRAME.match(text) or _NAMES_PAPERS.search(text))


def in_a_paper(text: str) -> bool:
    """Whether a message speaks of something that stands in some paper ("the risks in the highways report")."""
    return bool(_IN_A_PAPER.search(text))


def points_back(text: str) -> bool:
    """Whether a message speaks of something that was spoken of before ("will it be retendered?")."""
    return bool(_POINTS_BACK.search(text))


def _asked_part(text: str) -> str:
    """The sentences that ask, where a long message has some; else all of it."""
    if len(content(words(text))) < _LONG:
        return text
    sentences = re.split(r"(?<=[.?!])\s+|\n+", text)
    asking = " ".join(sentence for sentence in sentences if sentence.rstrip().endswith("?"))
    return asking if len(content(words(asking))) >= 3 else text


def _unframed(text: str) -> tuple[str, str]:
    """A question and the frame it came in: "what does the framework say about grants?" asks for "grants?"."""
    match = _FRAME.match(text)
    if not match or not content(words(text[match.end() :])):
        return text, ""
    return text[match.end() :].strip(), match.group()


def _earlier(message: Message, desk: Desk) -> list[Turn]:
    """The turns a follow-up may refer to: back to the last question that stood on its own."""
    if not message.thread:
        return []
    with desk.store.reading() as connection:
        turns = recent(connection, message.thread, 6)
    turns = [turn for turn in turns if turn.reply.get("outcome") in _ABOUT_PAPERS][-3:]
    for place in range(len(turns) - 1, -1, -1):
        if not _FOLLOW_UP.match(turns[place].question) and not _POINTS_BACK.search(turns[place].question):
            return turns[place:]
    return turns


def _follows_up(text: str, points_back: bool, index: Index) -> bool:
    if in_question(text, index.row_letters):
        return False
    telling = len(index.asker.understand(text).telling)
    if _FOLLOW_UP.match(text):
        return telling <= 2 * _FEW
    return telling == 0 or (telling <= _FEW and points_back)


def _near(turn: Turn, index: Index) -> dict[int, float]:
    """The passages an answer cited, the first most, and those right beside it."""
    cited = index.numbers([citation["passage"] for citation in turn.reply.get("citations", ())])
    if not cited:
        return {}
    near = dict.fromkeys((*index.around(cited[0]), *cited), _BESIDE)
    return {**near, cited[0]: 1.0}
