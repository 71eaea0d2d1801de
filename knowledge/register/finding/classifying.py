"""Which kinds of service something bought or planned is of, and which districts it serves, by its own text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from knowledge.gazetteer import Gazetteer
from knowledge.register.finding.kinds import Kinds, telling
from knowledge.services import Service
from knowledge.text import stems

_KINDS = 8
"""Kinds of service a contract may be of: one for roads is for potholes, kerbs, footways and gritting."""
_KIND = 0.4
"""How near a kind must come to a contract's best to be one of its kinds."""
_NOT_OURS = 0.6
"""What a kind counts for which another body is responsible: a register holds few such contracts."""
_TERM = 0.9
"""What a term for a kind counts that stands whole in a contract."""
_CPV = 0.35
"""What a CPV code counts that the catalogue has for a kind."""
COUNTYWIDE = re.compile(r"\b(county ?-?wide|whole( of the)? county|all (areas|districts)|countywide)\b", re.I)
"""How people write that the whole county is served."""


class Classifier:
    """The catalogue, ready to say of which kinds of service a contract or an intention is."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._by_cpv = _kinds_by_cpv(kinds.services)
        self._known: dict[tuple[str, str, tuple[str, ...]], dict[str, float]] = {}

    def kinds_of(self, title: str, text: str, cpv: tuple[str, ...] = ()) -> dict[str, float]:
        """The kinds, by key, each with its share (1 for the best). `text`: all there is, the title included; `cpv`:
        codes of eight digits."""
        asked = (title, text, cpv)
        if asked not in self._known:
            self._known[asked] = self._classify(title, text, cpv)
        return self._known[asked]

    def _classify(self, title: str, text: str, cpv: tuple[str, ...]) -> dict[str, float]:
        whole = telling(stems(text))
        scores: dict[int, float] = defaultdict(float)
        for said in (telling(stems(title)), whole):
            found = self._kinds.find(said)
            best = max(found.values(), default=1.0)
            for kind, score in found.items():
                scores[kind] += score / best
        for kind, told in self._kinds.mentioned(set(whole)).items():
            scores[kind] += _TERM * told
        for kind in {kind for code in cpv for kind in self._by_cpv.get(code, ())}:
            scores[kind] += _CPV
        services = self._kinds.services
        weighed = {kind: score * (1 if services[kind].ours else _NOT_OURS) for kind, score in scores.items()}
        best = max(weighed.values(), default=0.0)
        top = sorted(weighed.items(), key=lambda item: -item[1])[:_KINDS]
        return {services[kind].key: round(s / best, 3) for kind, s in top if s >= _KIND * best}


def area_of(label: str, title: str, text: str, gazetteer: Gazetteer) -> tuple[frozenset[str], frozenset[str]]:
    """The districts served (none: the whole county, or not said), by what stands under "area", else in the title, else
    in the text; and every place the title and the text name, in lower case."""
    labelled = list(gazetteer.mentions(label, sure=True))
    titled = [mention for mention in gazetteer.mentions(title) if not mention.street]
    told = [mention for mention in gazetteer.mentions(text) if not mention.street]
    named = frozenset(place.name.lower() for mention in (*titled, *told) for place in mention.places)
    if COUNTYWIDE.search(label):
        return frozenset(), named
    for mentions in (labelled, titled, told):
        sure = [mention for mention in mentions if len({place.district for place in mention.places}) == 1]
        if sure:
            return frozenset(mention.places[0].district for mention in sure), named
    return frozenset(), named


def _kinds_by_cpv(services: Sequence[Service]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, service in enumerate(services):
        for code in service.cpv:
            found[code].append(number)
    return found
