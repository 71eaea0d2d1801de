"""Which kinds of service a text is about: the catalogue, searched by what people say or by what registers say."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property
from typing import NamedTuple

from knowledge.services import Service
from knowledge.text import STOPWORDS, stems, words

_SATURATION = 1.2
"""How soon a word said again counts no more (BM25's k1)."""
_LENGTH = 0.4
"""How far a kind with many words is held back (BM25's b)."""
_PHRASE = 1.6
"""What an expression of several words counts, found whole, beside the sum of its words."""
_ASK = 0.5
"""What the best single way of asking counts beside the kind as a whole."""


_PRIOR = 0.08
"""How far a kind gains by the contracts the council has of it."""
_PLAIN = 7.0
"""What the words of a term tell, taken together, from which on it leaves no doubt."""
_ALIKE = 0.12
"""Kinds less alike than this have nothing to do with each other."""


class Scale(NamedTuple):
    """What a word counts by where it stands in the catalogue."""

    name: float
    called: float
    signs: float
    asks: float


PEOPLE = Scale(name=2.0, called=1.2, signs=3.0, asks=1.0)
"""For what people say."""
REGISTERS = Scale(name=4.0, called=3.0, signs=1.0, asks=0.25)
"""For the titles and descriptions of contracts."""


Phrases = tuple[tuple[str, ...], ...]
"""Texts, each by its telling stems."""


class Spoken(NamedTuple):
    """A kind of service, its texts taken apart."""

    service: Service
    name: Phrases
    called: Phrases
    signs: Phrases
    asks: Phrases


def analyse(service: Service) -> Spoken:
    """Takes a kind's texts apart."""
    fields = ((service.name,), service.called, service.signs, service.asks)
    name, called, signs, asks = (tuple(tuple(telling(stems(text))) for text in texts) for texts in fields)
    return Spoken(service, name, called, signs, asks)


def vocabulary(services: Sequence[Service]) -> frozenset[str]:
    """Every word of the catalogue as written, in lower case: the ordinary words of the field."""
    texts = (text for service in services for text in (service.name, *service.called, *service.signs, *service.asks))
    return frozenset(word.surface for text in texts for word in words(text))


class Kinds:
    """The catalogue, ready for looking up by one scale. `counts`: contracts by kind, where they are known: of two kinds
    a text may mean, it is the likelier that the council has more of."""

    def __init__(self, spoken: Sequence[Spoken], scale: Scale, counts: Mapping[str, float] | None = None) -> None:
        self._spoken = tuple(spoken)
        self.services = services = tuple(one.service for one in spoken)
        self.scale = scale
        held = counts or {}
        self._prior = [1 + _PRIOR * math.log1p(held.get(service.key, 0.0)) for service in services]
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        self._phrases: dict[str, list[tuple[tuple[str, ...], int, float]]] = defaultdict(list)
        self._terms: dict[str, list[tuple[frozenset[str], int]]] = defaultdict(list)
        self._asks: dict[str, list[int]] = defaultdict(list)
        self._ask_of: list[tuple[int, float]] = []
        self._lengths = [self._take(number, one) for number, one in enumerate(self._spoken)]
        self._average = sum(self._lengths) / max(1, len(self._lengths))
        self._weigh_asks()

    @cached_property
    def expressions(self) -> dict[frozenset[str], frozenset[str]]:
        """The kinds, by key, that go by these telling words: their names, what registers call them, their signs."""
        found: dict[frozenset[str], frozenset[str]] = defaultdict(frozenset)
        for one in self._spoken:
            for phrase in (*one.name, *one.called, *one.signs):
                found[frozenset(phrase)] |= {one.service.key}
        return dict(found)

    def knows(self, stem: str) -> bool:
        """Whether the catalogue has this word."""
        return stem in self._weights

    def weight(self, stem: str) -> float:
        """How much a word tells kinds apart: 0 for one the catalogue does not have."""
        found = len(self._weights.get(stem, ()))
        return math.log(1 + (len(self.services) - found + 0.5) / (found + 0.5)) if found else 0.0

    def find(self, said: Sequence[str]) -> dict[int, float]:
        """The kinds these stems speak of, by number, with a score of no scale; the better the higher."""
        scores: dict[int, float] = defaultdict(float)
        present = set(said)
        for stem in present:
            weight = self.weight(stem)
            for kind, count in self._weights.get(stem, {}).items():
                long = 1 - _LENGTH + _LENGTH * self._lengths[kind] / self._average
                scores[kind] += weight * count * (_SATURATION + 1) / (count + _SATURATION * long)
        for phrase, kind, share in self._phrases_in(said):
            scores[kind] += share * _PHRASE * sum(self.weight(stem) for stem in phrase)
        for kind, score in self._best_asks(present).items():
            scores[kind] += score
        return {kind: score * self._prior[kind] for kind, score in scores.items()}

    def mentioned(self, present: Set[str]) -> dict[int, float]:
        """The kinds whose name, or a term for them, stands whole among these stems, in whatever order; with what the
        term tells, 1 for one that leaves no doubt."""
        found: dict[int, float] = defaultdict(float)
        for stem in present:
            for term, kind in self._terms.get(stem, ()):
                if term <= present:
                    found[kind] = max(found[kind], min(1.0, sum(self.weight(one) for one in term) / _PLAIN))
        return dict(found)

    @cached_property
    def near(self) -> dict[str, dict[str, float]]:
        """How alike kinds are, by key (0 to 1): by the words registers and people have for both."""
        vectors = [self._vector(number) for number in range(len(self.services))]
        having: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, vector in enumerate(vectors):
            for stem, weight in vector.items():
                having[stem].append((number, weight))
        found: dict[str, dict[str, float]] = {}
        for number, vector in enumerate(vectors):
            alike: dict[int, float] = defaultdict(float)
            for stem, weight in vector.items():
                for other, its in having[stem]:
                    alike[other] += weight * its
            found[self.services[number].key] = {
                self.services[other].key: share for other, share in alike.items() if other != number and share >= _ALIKE
            }
        return found

    def _vector(self, number: int) -> dict[str, float]:
        one = self._spoken[number]
        said = {stem for phrase in (*one.name, *one.called, *one.signs) for stem in phrase}
        weights = {stem: self.weight(stem) for stem in said}
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        return {stem: weight / length for stem, weight in weights.items()}

    # reading the catalogue

    def _take(self, number: int, one: Spoken) -> float:
        counts: Counter[str] = Counter()
        scale = self.scale
        fields = ((one.name, scale.name), (one.called, scale.called), (one.signs, scale.signs), (one.asks, scale.asks))
        for phrases, weight in fields:
            for phrase in phrases:
                for stem in phrase:
                    counts[stem] += weight  # type: ignore[assignment]
        for phrases, weight in fields[:3]:
            for phrase in phrases:
                if len(phrase) > 1:
                    self._phrases[phrase[0]].append((phrase, number, weight / max(scale)))
                if len(phrase) == 2:
                    self._phrases["".join(phrase)].append((phrase, number, weight / max(scale)))
                if phrase:
                    self._terms[max(phrase, key=len)].append((frozenset(phrase), number))
        if scale.asks >= 1:
            for phrase in one.asks:
                self._ask(number, phrase)
        for stem, count in counts.items():
            self._weights[stem][number] = float(count)
        return float(sum(counts.values()))

    def _ask(self, number: int, phrase: tuple[str, ...]) -> None:
        place = len(self._ask_of)
        self._ask_of.append((number, 0.0))
        for stem in set(phrase):
            self._asks[stem].append(place)

    def _weigh_asks(self) -> None:
        whole = [0.0] * len(self._ask_of)
        for stem, places in self._asks.items():
            for place in places:
                whole[place] += self.weight(stem)
        self._ask_of = [(kind, weight) for (kind, _), weight in zip(self._ask_of, whole, strict=True)]

    # looking up

    def _phrases_in(self, said: Sequence[str]) -> Iterable[tuple[tuple[str, ...], int, float]]:
        """Expressions that stand in the text, their words in order and next to each other but for little words."""
        for at, stem in enumerate(said):
            for phrase, kind, share in self._phrases.get(stem, ()):
                if tuple(said[at : at + len(phrase)]) == phrase or "".join(phrase) == stem:
                    yield phrase, kind, share

    def _best_asks(self, said: set[str]) -> dict[int, float]:
        """What each kind's best way of asking has in common with the text, weighted by how much of it is there."""
        shared: dict[int, float] = defaultdict(float)
        for stem in said:
            weight = self.weight(stem)
            for place in self._asks.get(stem, ()):
                shared[place] += weight
        best: dict[int, float] = defaultdict(float)
        for place, common in shared.items():
            kind, whole = self._ask_of[place]
            best[kind] = max(best[kind], _ASK * common * (0.5 + common / whole))
        return best


def telling(found: Iterable[str]) -> list[str]:
    """Stems without the little words."""
    return [stem for stem in found if stem not in _LITTLE]


_LITTLE = frozenset(stem for word in STOPWORDS for stem in stems(word)) - {"own", "ill", "im"}
