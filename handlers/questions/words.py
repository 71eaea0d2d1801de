"""What a few typed words ask about questions for a person."""

from __future__ import annotations

import re
from typing import NamedTuple

_WAITING = re.compile(
    r"^\W*(?:show |list |what )?(?:(?:the |open )?enquiries|(?:the )?questions? (?:are |is )?waiting"
    r"|(?:the )?waiting questions)\W*$",
    re.I,
)
_MINE = re.compile(r"^\W*(?:show |list )?my (?:enquiries|questions)\W*$", re.I)
_MOVE = re.compile(
    r"^\W*(?:please )?(?P<move>open|show|claim|take|give back|return|answer|drop|teach)\W+(?:enquiry\W+)?"
    r"e-?(?P<number>\d{1,9})\W*$",
    re.I,
)
_MOVES = {
    "open": "open_enquiry", "show": "open_enquiry", "claim": "claim_enquiry", "take": "claim_enquiry",
    "give back": "return_enquiry", "return": "return_enquiry", "answer": "answer_enquiry", "drop": "drop_enquiry",
    "teach": "teach_enquiry",
}  # fmt: skip


class Wanted(NamedTuple):
    """An action, and the enquiry it is about ("E-3"), "" for none."""

    action: str
    about: str = ""


def wanted(text: str) -> Wanted | None:
    """What a message asks about enquiries; None where it asks for something else."""
    if _WAITING.match(text):
        return Wanted("waiting_enquiries")
    if _MINE.match(text):
        return Wanted("my_enquiries")
    if found := _MOVE.match(text):
        return Wanted(_MOVES[found["move"].lower()], f"E-{int(found['number'])}")
    return None
