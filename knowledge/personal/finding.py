"""Personal data in a message, of whatever kind: what gathers the reasons."""

from __future__ import annotations

from knowledge.danger.lexicon import plain
from knowledge.personal.circumstances import circumstances
from knowledge.personal.homes import address, house
from knowledge.personal.names import names_somebody
from knowledge.personal.numbers import reasons_in_numbers

LONGEST = 40_000
"""Characters. A longer text is not read to its end, and so counts as personal."""
TOO_LONG = "a text too long to be read"
NAME, ADDRESS, BOTH = "a name", "an address", "a name with an address"


def personal(text: str) -> tuple[str, ...]:
    """What personal data a message seems to hold, in words for people ("a name", "health"); () for none.

    It judges whether a text may be shown where more people read than need to: for want of certainty it says yes. A
    house number as the place of a fault ("pothole outside 14 High Street") is no personal data; it is with a whole
    postcode, a name, or somebody said to be there ("lives at 14 High Street", "the lady at number 14"). The names of
    councillors are not counted. Somebody's health counts though nobody is named; that of a class of people ("wheelchair
    users cannot pass") does not. An age counts only beside a name or an address. Where there is no other reason, it is
    one that a single person ("she") is spoken of."""
    if len(text) > LONGEST:
        return (TOO_LONG,)
    written = plain(text)
    told = circumstances(written)
    who = _who_and_where(written, told.plainly)
    found = [*who, *sorted(told.plainly - {ADDRESS}), *reasons_in_numbers(written), *(told.beside if who else ())]
    return tuple(dict.fromkeys(found)) or tuple(told.otherwise)


def _who_and_where(written: str, told: frozenset[str]) -> list[str]:
    """The name, the address or both. A house on a road is an address only beside a name."""
    at_home = ADDRESS in told or address(written)
    if not names_somebody(written):
        return [ADDRESS] if at_home else []
    return [BOTH if at_home or house(written) else NAME]
