"""How well intentions fit what a question is about: its words in theirs, and the kinds of service it speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, cached_property

from knowledge.register.finding.kinds import telling
from knowledge.register.reader import RegisterReader
from knowledge.text import stems
from knowledge.timeline.asking.nouns import About
from knowledge.timeline.selecting import Shown
from knowledge.timeline.wishing import Wish

_STRANGE = 5.0
"""What a word tells that the catalogue does not have."""
_IN_LABEL, _IN_TEXT = 0.75, 0.55
"""What a word counts that stands in the kind of service, the area, a lot or the directorate; in the description. In the
title it counts whole."""
_OF_KIND = 0.85
"""What being of the very kind of service spoken of counts."""
_KINDS = (1.0, 0.7)
"""What an intention's first kind counts, and its second."""
_OF_AREA = 0.6
_PLAIN = 9.0
"""A score from which on words speak plainly of a kind of service."""
_TERM = 7.0
"""What the words of a term tell, taken together, that leaves no doubt."""
_ALIKE = 1.2
_BESIDE = 0.8
"""How much a kind counts for one like it, and at most."""
_FAINT = 0.45


class Matcher:
    """What a question is about, ready to be compared with intentions."""

    def __init__(self, about: About, reader: RegisterReader) -> None:
        self._about, self._reader = about, reader
        self._stems = tuple(dict.fromkeys(telling(stem for word in about.words for stem in stems(word))))

    @cached_property
    def _weights(self) -> dict[str, float]:
        return {stem: 1 + (self._reader.kinds.weight(stem) or _STRANGE) for stem in self._stems}

    @cached_property
    def kinds(self) -> dict[str, float]:
        """The kinds of service spoken of, by key, 1 for one that is plainly meant. Words nobody has for it take away
        from a kind."""
        kinds, whole = self._reader.kinds, sum(self._weights.values()) or 1.0
        raw = sum(kinds.weight(stem) or _STRANGE for stem in self._stems) or 1.0
        found = kinds.find(self._stems)
        best = max(found.values(), default=0.0) or 1.0
        known = sum(weight for stem, weight in self._weights.items() if kinds.knows(stem)) / whole
        sure = min(1.0, best / _PLAIN) * known**2
        shares = {kinds.services[number].key: sure * (score / best) ** 2 for number, score in found.items()}
        for number, tells in kinds.mentioned(set(self._stems)).items():
            key = kinds.services[number].key
            shares[key] = max(shares.get(key, 0.0), min(1.0, _TERM * tells / raw) * known**2)
        for key, share in list(shares.items()):
            for near, alike in kinds.near.get(key, {}).items():
                shares[near] = max(shares.get(near, 0.0), share * min(_BESIDE, alike * _ALIKE))
        return {key: share for key, share in shares.items() if share >= _FAINT}

    def wishes(self, wish: Wish) -> Iterable[Wish]:
        """Wishes that together find whatever may fit."""
        if self.kinds or self._about.kinds:
            yield replace(wish, kinds=frozenset(self.kinds) | self._about.kinds)
        for word in self._about.words[:8]:
            yield replace(wish, words=word)

    def score(self, one: Shown) -> float:
        """How well an intention fits, 0 to 1."""
        words = self._by_words(one)
        kinds = (self.kinds.get(key, 0.0) * share for key, share in zip(one.kinds, _KINDS, strict=False))
        kind = max(kinds, default=0.0) * _OF_KIND
        if self._about.kinds and words < 1:
            return _OF_AREA if self._about.kinds.intersection(one.kinds[:1]) else 0.0
        return max(words, kind + (1 - _OF_KIND) * words)

    def _by_words(self, one: Shown) -> float:
        if not self._weights:
            return 0.0
        title, label, text = _parts(one)
        total = 0.0
        for stem, weight in self._weights.items():
            worth = 1.0 if stem in title else _IN_LABEL if stem in label else _IN_TEXT if stem in text else 0.0
            total += weight * worth
        return total / sum(self._weights.values())


def _parts(one: Shown) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    terms = one.terms
    lots = " ".join(lot.title for lot in terms.lots)
    label = " ".join((terms.category, terms.directorate, *terms.area, lots))
    return _stems(terms.title), _stems(label), _stems(terms.description[:2000])


@cache
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text))
