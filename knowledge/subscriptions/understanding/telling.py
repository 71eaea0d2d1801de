"""Criteria as people say them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from knowledge.services import Service, catalogue, service_names
from knowledge.subscriptions import pace
from knowledge.subscriptions.judging import band_in_words
from knowledge.subscriptions.nouns import Area, Criteria, Offer

KINDS = {
    Offer.INTENTION: "planned work", Offer.ENGAGEMENT: "market engagement", Offer.TENDER: "tenders",
    Offer.GRANT: "grants", Offer.SUBCONTRACT: "sub-contracts", Offer.PARTNER: "partners wanted",
}  # fmt: skip
"""Kinds of opportunity as people call them."""
_MOST = 3
"""Things a line names before it counts the others."""


def in_words(criteria: Criteria, every: str = "") -> list[tuple[str, str]]:
    """Criteria line by line: a label ("Area") and what is wanted ("Thanet or Dover"); with how often, if given. What
    asks for nothing has the one line ("About", "anything")."""
    lines = [
        ("About", _any(_about(criteria))), ("Area", _any(map(area_in_words, criteria.areas))),
        ("Region", _any(f"UK{code}" for code in criteria.regions)), ("Value", _value(criteria)),
        ("Kinds", _any(KINDS[kind] for kind in criteria.kinds)), ("Suited to", _suited(criteria)),
    ]  # fmt: skip
    found = [(label, said) for label, said in lines if said] or [("About", "anything")]
    return [*found, ("How often", pace.in_words(every))] if every else found


def one_line(criteria: Criteria) -> str:
    """Criteria as one phrase: "Home care, in Thanet, up to £500,000"; "Anything" where nothing is asked for."""
    about = _any(_cut(list(_about(criteria)))) or ("Anything" if not criteria.kinds else "")
    kinds = _any(KINDS[kind] for kind in criteria.kinds)
    areas = _any(_cut([area.name for area in criteria.areas]))
    parts = [
        about, (f"only {kinds}" if about else kinds[:1].upper() + kinds[1:]), f"in {areas}" if areas else "",
        f"in region {_any(f'UK{code}' for code in criteria.regions)}" if criteria.regions else "", _value(criteria),
        f"suited to {_suited(criteria)}" if _suited(criteria) else "",
    ]  # fmt: skip
    return ", ".join(part for part in parts if part and part != "only ")


def area_in_words(area: Area) -> str:
    """A place, with its district where that has another name: "Gullhaven (Brenmouth)"."""
    return f"{area.name} ({area.district})" if area.district and area.district != area.name else area.name


def services_in_words(keys: Iterable[str]) -> Iterator[str]:
    """Services by name; all of a part of the council together: "Highways (all 40 services)"."""
    wanted = dict.fromkeys(keys)
    for group, members in groups().items():
        if len(members) > 1 and all(one.key in wanted for one in members):
            yield f"{group} (all {len(members)} services)"
            wanted = {key: None for key in wanted if key not in {one.key for one in members}}
    yield from (service_names().get(key, key) for key in wanted)


def groups() -> dict[str, list[Service]]:
    """The parts of the council with their services, those of others left out."""
    found: dict[str, list[Service]] = {}
    for service in catalogue().services:
        if service.ours:
            found.setdefault(service.group, []).append(service)
    return found


def _about(criteria: Criteria) -> Iterator[str]:
    yield from services_in_words(criteria.services)
    yield from (f"CPV {code}" for code in criteria.cpv)
    yield from (f"“{phrase}”" for phrase in criteria.words)
    yield from (f"changes of {reference}" for reference in criteria.follows)


def _value(criteria: Criteria) -> str:
    if criteria.low is None and criteria.high is None:
        return ""
    return band_in_words((criteria.low, criteria.high))


def _suited(criteria: Criteria) -> str:
    said = [("small firms", criteria.sme), ("charities and social enterprises", criteria.vcse)]
    return _any(name for name, wanted in said if wanted)


def _cut(values: list[str]) -> list[str]:
    return values if len(values) <= _MOST + 1 else [*values[:_MOST], f"{len(values) - _MOST} more"]


def _any(values: Iterable[str]) -> str:
    found = list(values)
    return " or ".join(found) if len(found) < 3 else ", ".join(found[:-1]) + f" or {found[-1]}"
