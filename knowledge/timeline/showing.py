"""What everybody may read of an intention, as the columns that are searched."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from sqlalchemy.engine import Connection

from knowledge.gazetteer import Gazetteer
from knowledge.places import places
from knowledge.register.finding.classifying import Classifier, area_of
from knowledge.register.finding.kinds import REGISTERS, Kinds, analyse, vocabulary
from knowledge.services import Catalogue, catalogue
from knowledge.text import stems
from knowledge.timeline.differing import TIMES
from knowledge.timeline.entry import Entry
from knowledge.timeline.folding import Own
from knowledge.timeline.nouns import Stage, State, Terms
from knowledge.timeline.posted import offer_words
from knowledge.timeline.titled import titled

_LARGEST = 2**62
_TITLED = 0.9
"""What a kind of service counts at least that a title names."""


def own_record(own: Mapping[str, Own]) -> dict[str, Any]:
    """What the council itself said, as the record writes it; `gathering.own_of` reads it."""
    return {
        name: {"value": Terms(**{name: one.value}).model_dump(mode="json")[name], "at": one.at.isoformat()}
        for name, one in own.items()
    }


@cache
def _classifier(fingerprint: str) -> Classifier:
    return Classifier(Kinds([analyse(service) for service in catalogue().services], REGISTERS))


@cache
def _ordinary(fingerprint: str) -> frozenset[str]:
    return vocabulary(catalogue().services)


def prepare() -> None:
    """Takes the catalogue apart now, which takes seconds, so that whoever writes an intention first need not wait."""
    known = catalogue()
    _classifier(known.fingerprint)
    _ordinary(known.fingerprint)


class Shower:
    """Works out services and districts by the catalogue and the council's places, when first wanted."""

    def __init__(self, connection: Connection, known: Catalogue | None = None) -> None:
        self._catalogue = known or catalogue()
        self._places = places(connection)

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return Gazetteer(self._places, _ordinary(self._catalogue.fingerprint))

    @cached_property
    def _services(self) -> frozenset[str]:
        return frozenset(service.key for service in self._catalogue.services)

    def row(self, entry: Entry) -> dict[str, Any]:
        """The row of an intention."""
        terms = Terms.model_validate(entry.shown or {})
        said = terms.said()
        times = [said[what] for what in TIMES if what in said and what != "end"]
        return {
            "id": entry.id, "reference": entry.reference, "buyer": entry.buyer, "buyer_id": entry.buyer_id,
            "own": entry.own, "version": entry.version, "about": entry.about, "held": entry.held[:400],
            "own_terms": own_record(entry.own_terms),
            "shown": entry.shown, "shown_version": entry.shown_version, "shown_at": entry.shown_at,
            "joined_to": entry.joined_to,
            "title": terms.title, "stage": (terms.stage or Stage.PLAN).value,
            "state": (terms.state or State.PLANNED).value, "route": terms.route.value if terms.route else "",
            "directorate": terms.directorate[:300], "low": _pounds(terms.low), "high": _pounds(terms.high),
            "first_day": min((when.first for when in times), default=None),
            "last_day": max((when.last for when in times), default=None),
            "closes": terms.closes.last if terms.closes else None, "districts": self._districts(terms),
            "words": self._words(terms, entry.reference),
        }  # fmt: skip

    def kinds(self, entry: Entry) -> list[dict[str, Any]]:
        """The kinds of service it is of, a row each. The one its officer named is the best; what its title or a lot's
        names counts beside it."""
        terms = Terms.model_validate(entry.shown or {})
        text = f"{terms.title} {terms.category} {terms.description[:2000]}"
        found = dict(_classifier(self._catalogue.fingerprint).kinds_of(terms.title, text, terms.cpv))
        if terms.service in self._services:
            found = {**{key: share * 0.5 for key, share in found.items()}, terms.service: 1.0}
        for key in titled((terms.title, *(lot.title for lot in terms.lots)), self._catalogue):
            found[key] = max(found.get(key, 0.0), _TITLED)
        return [{"intention": entry.id, "kind": key, "share": share} for key, share in found.items()]

    def times(self, entry: Entry) -> list[dict[str, Any]]:
        """What is to happen when, a row each."""
        said = Terms.model_validate(entry.shown or {}).said()
        return [
            {"intention": entry.id, "what": what, "first": said[what].first, "last": said[what].last}
            for what in TIMES
            if what in said
        ]

    def _districts(self, terms: Terms) -> str:
        if not self._places:
            return ""
        found, _ = area_of("; ".join(terms.area), terms.title, terms.description[:2000], self._gazetteer)
        return "|" + "|".join(sorted(found)) + "|" if found else ""

    @staticmethod
    def _words(terms: Terms, reference: str) -> str:
        lots = (lot.title for lot in terms.lots)
        said = (reference, terms.title, terms.category, terms.directorate, *terms.area, *lots, terms.description[:4000],
                offer_words(terms), terms.posted_by)  # fmt: skip
        return " " + " ".join(dict.fromkeys(stems(" ".join(said)))) + " "


def _pounds(amount: Decimal | None) -> int | None:
    return None if amount is None else min(int(amount), _LARGEST)
