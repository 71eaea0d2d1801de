"""What a few typed words ask about postings."""

from __future__ import annotations

import re
from typing import NamedTuple

_POLITE = r"^\W*(?:(?:we|i)(?: would|'d)? (?:want|need|like) to\W+|please\W+|can (?:we|i)\W+)*"
_SUB = r"sub[- ]?contract(?:s|or|ing)?(?: (?:work|opportunity|notice))?"
_PARTNER = r"(?:consortium |bid )?partners?(?: (?:notice|search))?"
_A = r"(?:(?:a|an|our|new|the)\W+)*"
_POST = re.compile(
    rf"{_POLITE}(?:(?:post|offer|advertise|publish)\W+{_A}(?:(?P<sub>{_SUB})|(?P<partner>{_PARTNER})"
    rf"|posting|opportunity for (?:others|providers))|post)\W*$"
    rf"|^\W*(?:(?P<sub2>{_SUB}) (?:is )?available|(?P<partner2>{_PARTNER}) (?:is )?(?:wanted|sought)"
    rf"|(?:we(?: are|'re) )?(?:looking for|seeking|want) (?:a )?(?P<partner3>{_PARTNER}))\W*$",
    re.I,
)
_OWN = re.compile(
    rf"{_POLITE}(?P<move>change|edit|withdraw|take back|open|show)\W+(?:posting\W+)?p-?(?P<number>\d{{1,9}})\W*$", re.I
)
_WAITING = re.compile(
    r"^\W*(?:show |list |what )?(?:(?:the )?postings|postings? (?:are )?waiting|waiting postings?)\W*$", re.I
)
_MOVES = {
    "change": "change_posting", "edit": "change_posting", "withdraw": "withdraw_posting",
    "take back": "withdraw_posting", "open": "open_posting", "show": "open_posting",
}  # fmt: skip


class Wanted(NamedTuple):
    """An action, and what it is about: a posting ("P-3"), or of a new one its kind, "" where that is not said."""

    action: str
    about: str = ""


def wanted(text: str) -> Wanted | None:
    """What a message asks about postings; None where it asks for something else."""
    if found := _OWN.match(text):
        return Wanted(_MOVES[found["move"].lower()], f"P-{int(found['number'])}")
    if _WAITING.match(text):
        return Wanted("waiting_postings")
    if found := _POST.match(text):
        partner = found["partner"] or found["partner2"] or found["partner3"]
        return Wanted("new_posting", "partner" if partner else "sub-contract" if found["sub"] or found["sub2"] else "")
    return None
