"""Whether a message, taken apart, is a question that the register answers.

Everything in it has to be accounted for: what is wanted, the conditions, and words that together describe contracts
there are. What asks for anything else ("who signs off a contract?") has words left over, and is none of the register's.
"""

from __future__ import annotations

import re

from knowledge.register.asking.nouns import Shape, Want
from knowledge.register.asking.parts import STRAY, Parts
from knowledge.register.asking.phrases import phrases
from knowledge.register.asking.reading import Reading
from knowledge.register.asking.subject import Fit

_LONGEST = 40
"""Words of the longest message that may be a question to the register."""
FOLLOWS = re.compile(r"^\W*(and|but|also|or|what about|how about|only|just|same for|ok(ay)?,? and|so)\b", re.IGNORECASE)
"""How a message opens that goes on from what was asked before."""
_POINTS_BACK = re.compile(r"\b(it|its|they|them|their|theirs|that|this|those|these|ones?|he|she)\b", re.IGNORECASE)
_SHORT = 6
"""Words up to which a message without a subject follows up what was asked before."""
_TOLD = (Want.MANAGER, Want.DIRECTOR, Want.DEPUTY, Want.PROVIDER, Want.END, Want.START, Want.VALUE, Want.REVIEW)
_BARE = 6
"""Words up to which a name by itself asks for what there is of it."""


def never(reading: Reading) -> bool:
    """Whether a message asks how things are to be done, what words mean, or of contracts in general."""
    words = len(reading.whole.split())
    if not words or words > _LONGEST:
        return True
    said = phrases("never")
    there = phrases("noun")["there"].search(reading.whole)
    return bool(said["how"].search(reading.whole) or (said["one"].search(reading.whole) and not there))


def speaks(text: str) -> bool:
    """Whether a text speaks of contracts there are, whatever else it says."""
    return bool(phrases("near")["spoken"].search(text))


def names_company(text: str) -> bool:
    """Whether a text has the full name of a company, known or not."""
    return bool(phrases("near")["company"].search(text))


def taken(parts: Parts, *, back: bool) -> bool:
    """Whether the register answers it; `back`: it may leave its subject to what was asked before."""
    asked = bool(parts.strong or parts.weak or parts.filtered or parts.order or parts.shape is not Shape.TELL)
    if parts.reference or parts.provider or parts.person or parts.unknown:
        return _by_name(parts, asked)
    if not parts.words:
        return _by_conditions(parts, back=back)
    if back:
        return bool(parts.numbers) and parts.fit > Fit.LOOSE and bool(FOLLOWS.match(parts.reading.whole))
    if parts.strange or not parts.numbers:
        return parts.nouns["known"] and any(want in _TOLD for want in (*parts.strong, *parts.weak))
    if parts.nouns["contract"]:
        sure = parts.fit > Fit.LOOSE or len(parts.words) > 1 or parts.nouns["known"] or bool(parts.strong)
        named = parts.fit is Fit.LABEL and parts.definite and len(parts.words) > 1
        return (asked or named) and sure
    return parts.fit is Fit.LABEL and bool(parts.strong or parts.filtered)


def _by_name(parts: Parts, asked: bool) -> bool:
    stray = 0 if parts.person and (parts.numbers or len(parts.words) <= STRAY) else len(parts.words)
    if parts.reference:
        return stray <= STRAY + 1 and (bool(parts.numbers) or asked)
    if parts.unknown:
        return (
            stray == 0
            and asked
            and (parts.nouns["contract"] or Want.CARD in parts.strong or Want.STATE in parts.strong)
        )
    if not asked and not parts.states:
        return stray == 0 and len(parts.reading.whole.split()) <= _BARE
    return stray <= (STRAY if parts.strong else 0)


def _by_conditions(parts: Parts, *, back: bool) -> bool:
    """No contract is named or described: then the conditions must say which, of contracts by that word."""
    if back:
        if not (parts.strong or parts.filtered or parts.order or any(want is not Want.CARD for want in parts.weak)):
            return False
        whole = parts.reading.whole
        return bool(FOLLOWS.match(whole) or _POINTS_BACK.search(whole) or len(whole.split()) <= _SHORT)
    if parts.lacking:
        return True
    if not (parts.nouns["contract"] or parts.delivered):
        return False
    if parts.filtered or parts.order:
        return parts.nouns["plural"] and (parts.filtered > 1 or not parts.delivered or bool(parts.weak or parts.strong))
    return parts.shape is not Shape.TELL and parts.nouns["there"]
