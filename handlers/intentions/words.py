"""What a few typed words ask about keeping the timeline."""

from __future__ import annotations

import re
from typing import NamedTuple

_WHAT = r"(?:a |an |the )?(?:new |commissioning )*(?:intention|opportunity)"
_POLITE = r"^\W*(?:(?:i (?:want|need|would like) to|please|let me|can i)\W+)*"
_BEGINS = "write|add|publish|begin|start|enter|create|raise"
_NEW = re.compile(rf"{_POLITE}(?:(?:{_BEGINS})\W+{_WHAT}|new (?:commissioning )?intention)\W*$", re.I)
_MOVES = {
    "change": "change_intention", "edit": "change_intention", "update": "change_intention",
    "correct": "change_intention", "withdraw": "withdraw_intention", "cancel": "withdraw_intention",
    "restore": "restore_intention", "reinstate": "restore_intention",
}  # fmt: skip
_MOVE = re.compile(
    rf"{_POLITE}(?P<move>{'|'.join(_MOVES)})\W+(?:the )?(?:intention\W+)?(?P<reference>[^\s?]{{1,200}})\W*$", re.I
)


class Wanted(NamedTuple):
    """An action, and the reference of the intention it is about, "" for a new one."""

    action: str
    about: str = ""


def wanted(text: str) -> Wanted | None:
    """What a message asks to be done to the timeline; None where it asks for something else."""
    if _NEW.match(text):
        return Wanted("new_intention")
    found = _MOVE.match(text)
    return Wanted(_MOVES[found["move"].lower()], found["reference"].rstrip(".,!")) if found else None
