"""The kinds of service that words speak of without naming them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from knowledge.register.reader import RegisterReader
from knowledge.subscriptions.understanding.naming import Subjects, words_of
from knowledge.subscriptions.understanding.phrases import said
from knowledge.text import Word
from knowledge.timeline.asking.matching import Matcher
from knowledge.timeline.asking.nouns import About

_PLAIN = 0.6
"""From here on words speak plainly of a kind of service."""
_BESIDE = 0.9
"""How near to the best another kind must come to be meant too."""
_OPENING = 5
"""Letters that words of one family have in common."""


def plainly(rest: Sequence[Word], reader: RegisterReader) -> Subjects | None:
    """The kinds of service that words speak of which all of them go by; None where there is none."""
    more = said("little")["audience"]
    rest = [one for one in rest if not more.fullmatch(one.surface)] or rest
    kinds = Matcher(About(words=tuple(one.surface for one in rest)), reader).kinds
    ours = {key: share for key, share in kinds.items() if not changes(rest, Subjects(services=(key,)), reader)}
    county = {one.key for one in reader.kinds.services if one.ours}
    if any(share >= _PLAIN for key, share in ours.items() if key in county):  # others' services are bought by others
        ours = {key: share for key, share in ours.items() if key in county}
    best = max(ours.values(), default=0.0)
    if best < _PLAIN:
        return None
    near = sorted(ours, key=lambda key: -ours[key])
    return Subjects(services=tuple(key for key in near if ours[key] >= best * _BESIDE)[:3])


def changes(rest: Sequence[Word], named: Subjects, reader: RegisterReader) -> bool:
    """Whether there are words that these services do not go by: "home care software"."""
    more, known = said("little")["audience"], _vocabulary(named.services, reader)
    return any(not more.fullmatch(one.surface) and not _is_known(one.stem, known) for one in rest)


def _is_known(stem: str, known: frozenset[str]) -> bool:
    """A visitor is known where visiting is."""
    return stem in known or (len(stem) > _OPENING and any(one.startswith(stem[:_OPENING]) for one in known))


def _vocabulary(keys: Collection[str], reader: RegisterReader) -> frozenset[str]:
    """The words that services go by."""
    several = (one for one in reader.kinds.services if one.key in keys)
    return frozenset(one for service in several for one in words_of(service))
