"""An intention as it is compared with what people want to hear of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from knowledge.register.finding.classifying import COUNTYWIDE
from knowledge.subscriptions.codes import region_code
from knowledge.subscriptions.nouns import Offer
from knowledge.timeline.nouns import Route, Stage, State, Terms
from knowledge.timeline.wishing import SURE

Band = tuple[int | None, int | None]
_TENDERED = frozenset({Route.TENDER, Route.FRAMEWORK, Route.LIGHT_TOUCH})


class Subject(NamedTuple):
    """What is compared. `services`: keys of the catalogue it counts as of; `stems`: of all its words; `districts`:
    none for the whole county; `somewhere`: it says an area at all; `bands`: its own value and its lots', whole pounds,
    none where no value is said; `kinds`: what there is for a provider in it; `live`: there is still something to be
    prepared for; `analysed`: it is being found out what people need, before options are fixed; `also`: references of
    those that have turned out to be the same."""

    reference: str
    services: frozenset[str]
    cpv: tuple[str, ...]
    stems: frozenset[str]
    districts: frozenset[str]
    somewhere: bool
    regions: tuple[str, ...]
    bands: tuple[Band, ...]
    kinds: frozenset[Offer]
    sme: bool | None
    vcse: bool | None
    live: bool
    analysed: bool = False
    also: tuple[str, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """All it goes by."""
        return self.reference, *self.also


def subject_of(
    reference: str, terms: Terms, services: Mapping[str, float], districts: str, words: str, day: date,
    also: tuple[str, ...] = (),
) -> Subject:  # fmt: skip
    """An intention as everybody may read it. `services`: with their shares; `districts`, `words`: as the columns of
    the table of intentions hold them."""
    return Subject(
        reference, frozenset(key for key, share in services.items() if share >= SURE), terms.cpv,
        frozenset(words.split()), frozenset(filter(None, districts.split("|"))),
        bool(districts) or _names_a_place(terms),
        _regions(terms), _bands(terms), kinds_of(terms), terms.sme, terms.vcse, is_live(terms, day),
        terms.stage is Stage.ANALYSE, also,
    )  # fmt: skip


def _names_a_place(terms: Terms) -> bool:
    """Whether it says where, and that is not everywhere."""
    return any(not COUNTYWIDE.search(place) for place in terms.area)


def is_live(terms: Terms, day: date) -> bool:
    """Whether there is still something a provider can prepare for: neither awarded, withdrawn, closed nor over."""
    if terms.state in (State.AWARDED, State.WITHDRAWN, State.CLOSED):
        return False
    if terms.closes and terms.closes.last < day:
        return False
    times = [when for when in (terms.engagement, terms.tender, terms.closes, terms.award, terms.start) if when]
    return not times or max(when.last for when in times) >= day


def kinds_of(terms: Terms) -> frozenset[Offer]:
    """What there is for a provider in it. Sub-contracts and partners wanted are nothing else."""
    if terms.partner:
        return frozenset({Offer.PARTNER})
    if terms.subcontract and terms.posted_by:
        return frozenset({Offer.SUBCONTRACT})
    found = {Offer.SUBCONTRACT} if terms.subcontract else set()
    if terms.state in (None, State.PLANNED) or terms.stage is Stage.ANALYSE:
        found.add(Offer.INTENTION)
    if terms.engagement:
        found.add(Offer.ENGAGEMENT)
    if terms.route is Route.GRANT:
        found.add(Offer.GRANT)
    elif terms.route in _TENDERED or terms.tender or terms.closes or terms.state is State.OPEN:
        found.add(Offer.TENDER)
    return frozenset(found)


def _regions(terms: Terms) -> tuple[str, ...]:
    found = []
    for code in terms.regions:
        try:
            found.append(region_code(code))
        except ValueError:  # "UK", or a code of another country
            continue
    return tuple(found)


def _bands(terms: Terms) -> tuple[Band, ...]:
    said = [(terms.low, terms.high), *((lot.low, lot.high) for lot in terms.lots)]
    whole = [tuple(None if end is None else int(end) for end in band) for band in said]
    return tuple((low, high) for low, high in whole if (low, high) != (None, None))
