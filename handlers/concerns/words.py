"""What a few typed words ask about concerns. What is not plainly an order is answered with the concern and its buttons:
no question, wish or guess moves anything."""

from __future__ import annotations

import re
from enum import StrEnum

from knowledge.concerns.nouns import Move, number_of


class Wanted(StrEnum):
    """What is asked that is no move."""

    MINE = "mine"
    NEW = "new"
    SHOW = "show"


_MINE = re.compile(
    r"^\W*+(?:(?:show|list|see|what are|where are)\W+)?(?:me\W+)?(?:all\W+)?(?:of\W+)?(?:my|our|all|the)?\W*+"
    r"(?:open\W+)?concerns?\W*$",
    re.IGNORECASE,
)
"""What may stand twice gives nothing back (`*+`): a message of thousands of dots would else be tried in every way."""
_NEW = re.compile(
    r"^\W*(?:(?:i (?:want|need|would like) to|how do i|please|let me)\W+)?"
    r"(?:raise|report|new)\W+(?:a |an )?(?:new )?concern\W*$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\bC\s?[-–— ]\s?\d{1,9}\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\?|^\W*(?:is|are|was|were|has|have|had|does|do|did|can|could|should|would|will|when|what|why|who|how|where|any|"
    r"tell me|status|update|show|open)\b",
    re.IGNORECASE,
)
_MENDED = r"(?:fixed|put right|sorted(?: out)?|mended|resolved|repaired)"
_SMALL = r"(?:\W+(?:it|that|this|one|concern|now|please|thanks|thank you|today|yesterday|at last|already|all))*\W*$"
_ORDER = r"^\W*(?:please\W+|(?:i|we)(?:['’]d| would)?\W+(?:(?:want|wish|like)\W+to\W+)?|let me\W+)*"
_ORDERS: tuple[tuple[re.Pattern[str], Move], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), move)
    for pattern, move in (
        (
            rf"(?:\b(?:not|never)|n['’]?t)\s+(?:\w+\s+){{0,2}}?(?:{_MENDED}|done)\b|"
            r"\bstill (?:broken|not|waiting|there|the same)\b|\b(?:broken|back) again\b|\breopen\b",
            Move.NOT_FIXED,
        ),
        (
            r"^\W*(?:(?:it|that|this|concern)\b\W*)?(?:(?:is|was|has|['’]s|been|got|now|all|finally)\W+)*"
            rf"{_MENDED}{_SMALL}",
            Move.PUT_RIGHT,
        ),
        (rf"{_ORDER}take\W+(?:it\W+|that\W+)?back{_SMALL}", Move.TAKE_BACK),
        (rf"{_ORDER}(?:withdraw|cancel){_SMALL}", Move.WITHDRAW),
        (rf"{_ORDER}acknowledged?{_SMALL}", Move.ACKNOWLEDGE),
        (r"\b(?:wrong|not this|not the right) contract\b", Move.WRONG_CONTRACT),
    )
)
_MOST_WORDS = 14
"""A longer message that names a concern tells of something new, or asks the papers."""
_ONLY_AN_ORDER = 4
"""So few words say what to do, and nothing more."""


def wanted(text: str) -> Wanted | Move | None:
    """What a message asks about concerns, or about the one it names; None where it is about something else."""
    if _NEW.match(text):
        return Wanted.NEW
    if _MINE.match(text):
        return Wanted.MINE
    if number_of(text) is None or len(text.split()) > _MOST_WORDS:
        return None
    if _ASKS.search(text):
        return Wanted.SHOW
    rest = " ".join(_REFERENCE.sub(" ", text).split())
    return next((move for pattern, move in _ORDERS if pattern.search(rest)), Wanted.SHOW)


def told(text: str) -> str:
    """What a message tells beside the order it gives, "" for nothing."""
    return text if len(text.split()) > _ONLY_AN_ORDER else ""
