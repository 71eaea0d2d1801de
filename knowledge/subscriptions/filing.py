"""Where subscriptions are looked up from an intention, so that a change need not be compared with all of them.

Each is filed under every value of one of its criteria, what it is about before where it is; one that asks for neither
under the kinds of opportunity, and one that asks for nothing under "*".
"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.subject import Subject
from knowledge.text import stems

EVERYTHING = "*"
ANYWHERE = "d:*"
"""What every district is filed under too, for intentions that serve the whole county."""


def places_of(criteria: Criteria) -> frozenset[str]:
    """What a subscription is filed under."""
    if criteria.about_something:
        return frozenset(_about(criteria))
    if criteria.areas and all(area.district for area in criteria.areas):
        return frozenset({ANYWHERE, *(f"d:{area.district}" for area in criteria.areas)})
    if criteria.kinds:
        return frozenset(f"k:{kind.value}" for kind in criteria.kinds)
    return frozenset({EVERYTHING})


def _about(criteria: Criteria) -> Iterator[str]:
    yield from (f"s:{key}" for key in criteria.services)
    yield from (f"c:{code}" for code in criteria.cpv)
    yield from (f"i:{reference.casefold()}" for reference in criteria.follows)
    for phrase in criteria.words:
        found = sorted(stems(phrase), key=len)
        yield f"w:{found[-1]}" if found else EVERYTHING


def places_for(subject: Subject) -> frozenset[str]:
    """Where everything is filed that may fit an intention."""
    found = {EVERYTHING, f"i:{subject.reference.casefold()}"}
    found |= {f"s:{key}" for key in subject.services} | {f"w:{stem}" for stem in subject.stems}
    found |= {f"c:{code[:digits]}" for code in subject.cpv for digits in range(2, len(code) + 1)}
    found |= {f"d:{district}" for district in subject.districts} or {ANYWHERE}
    return frozenset(found | {f"k:{kind.value}" for kind in subject.kinds})
