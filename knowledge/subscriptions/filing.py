"""Where subscriptions are looked up from an intention, so that a change need not be compared with all of them.

Each is filed under every value of one of its criteria, what it is about before where it is; one that asks for neither
under the kinds of opportunity, and one that asks for nothing under "*".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.subject import Subject
from knowledge.text import STOPWORDS, Word, stem, words

_LONGEST = 120
_NO_WORD = Word("", 0, 0, "")
_EVERYWHERE = (
    "service services provision contract framework council county local support care work works supply management "
    "project programme lot lots delivery system community public new"
)
_COMMON = frozenset(map(stem, _EVERYWHERE.split()))
"""Words of which every other intention has some."""
EVERYTHING = "*"
ANYWHERE = "d:*"
"""What every district is filed under too, for intentions that serve the whole county."""


def places_of(criteria: Criteria) -> frozenset[str]:
    """What a subscription is filed under."""
    if criteria.about_something:
        return _cut(_about(criteria))
    if criteria.areas and all(area.district for area in criteria.areas):
        return _cut({ANYWHERE, *(f"d:{area.district}" for area in criteria.areas)})
    if criteria.kinds:
        return frozenset(f"k:{kind.value}" for kind in criteria.kinds)
    return frozenset({EVERYTHING})


def _about(criteria: Criteria) -> Iterator[str]:
    yield from (f"s:{key}" for key in criteria.services)
    yield from (f"c:{code}" for code in criteria.cpv)
    yield from (f"i:{reference.casefold()}" for reference in criteria.follows)
    for phrase in criteria.words:
        yield f"w:{found}" if (found := _rarest(phrase)) else EVERYTHING


def _rarest(phrase: str) -> str:
    """The stem of the word of a phrase that fewest intentions will have; "" where it has none."""
    found = [
        (word.surface not in STOPWORDS, word.stem not in _COMMON, len(word.stem), word.stem) for word in words(phrase)
    ]
    return max(found)[-1] if found else ""


def _cut(places: Iterable[str]) -> frozenset[str]:
    """Places as long as the record takes them, here and where they are looked for."""
    return frozenset(place[:_LONGEST] for place in places)


def places_for(subject: Subject) -> frozenset[str]:
    """Where everything is filed that may fit an intention."""
    found = {EVERYTHING, *(f"i:{reference.casefold()}" for reference in subject.references)}
    found |= {f"s:{key}" for key in subject.services} | {f"w:{stem}" for stem in subject.stems}
    found |= {f"c:{code[:digits]}" for code in subject.cpv for digits in range(2, len(code) + 1)}
    found |= {f"d:{district}" for district in subject.districts} or {ANYWHERE}
    return _cut(found | {f"k:{kind.value}" for kind in subject.kinds})
