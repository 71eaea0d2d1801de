"""What a few typed words ask about reviews of contracts."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

_PLEASE = r"(?:can|could) (?:i|we|you)\W+(?:please\W+)?|(?:i|we)(?: would|'d)? (?:want|need|like) to\W+|please\W+"
_BEGIN = rf"^\W*(?:{_PLEASE})*"
_A = r"(?:(?:a|an|the|our|my)\W+)?"
_REVIEW = rf"{_A}(?:(?:last|latest|next|most recent|previous|scheduled|annual|contract)\W+)*review"
_OF = r"\W+(?:of|for|on)\W+"
_END = r"\W*$"
_FLAGS = re.IGNORECASE | re.DOTALL
_RECORD = (
    rf"{_BEGIN}(?:record|enter|log|file|note|write down|write up)\W+{_A}(?:outcome of\W+|result of\W+)?"
    rf"{_REVIEW}{_OF}(?P<what>.+?){_END}",
)
_FOUND = (
    rf"{_BEGIN}what (?:did|has) {_REVIEW}{_OF}(?P<what>.+?)\W+(?:find|found|say|conclude|decide|change|show)"
    rf"(?: out)?{_END}",
    rf"{_BEGIN}(?:what (?:was|is|were) |show(?: me)? |tell me )?{_A}(?:outcomes?|results?|findings?) of {_REVIEW}"
    rf"{_OF}(?P<what>.+?){_END}",
    rf"{_BEGIN}how did {_REVIEW}{_OF}(?P<what>.+?)\W+(?:go|come out|end){_END}",
    rf"{_BEGIN}(?:show(?: me)?|open|list|see)\W+{_REVIEW}s?{_OF}(?P<what>.+?){_END}",
)
_WHEN = (
    rf"{_BEGIN}when(?:'s| is| was| will) {_REVIEW}{_OF}(?P<what>.+?)(?:\W+(?:be\W+)?due)?{_END}",
    rf"^\W*when(?: is|'s| will) (?P<what>.+?)(?: be)?(?: due for| up for| next)? review(?:ed)?(?: next)?{_END}",
)
_LIST = r"^\W*(?:(?:which|what|whose|how many|are there|list|show|show me)\W+)?(?:the\W+|any\W+)?"
_MISSED = (
    rf"{_LIST}(?:contracts?|services?|grants?)\b.{{0,20}}\bmiss(?:ed|ing)\b.{{0,12}}\breviews?(?: dates?)?{_END}",
    rf"{_LIST}missed (?:contract )?reviews?{_END}",
    rf"{_LIST}reviews? (?:(?:were|was|are|have been|has been)\W+)?missed{_END}",
)
_MINE = (
    rf"{_LIST}my (?:contract )?reviews(?: coming up)?{_END}",
    rf"{_LIST}(?:my )?reviews (?:are )?coming up{_END}",
)


class Asks(Enum):
    """What is asked."""

    RECORD = "record"
    FOUND = "found"
    WHEN = "when"
    MISSED = "missed"
    MINE = "mine"


class Wanted(NamedTuple):
    """What is asked, and of which contract: its reference or its name, "" for none in particular."""

    asks: Asks
    what: str = ""


_ASKED = {
    Asks.RECORD: _RECORD, Asks.FOUND: _FOUND, Asks.WHEN: _WHEN, Asks.MISSED: _MISSED, Asks.MINE: _MINE,
}  # fmt: skip


def wanted(text: str) -> Wanted | None:
    """What a message asks about reviews of contracts; None where it asks for something else."""
    for asks, ways in _ASKED.items():
        for way in ways:
            if found := re.match(way, text, _FLAGS):
                return Wanted(asks, found.groupdict().get("what", ""))
    return None
