"""Where a service is wanted and what kind it is, as a release says: places as given, region codes, CPV codes, lots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.timeline.nouns import Lot
from knowledge.timeline.reading.money import spread, value_of
from knowledge.timeline.reading.parts import Part, first, line, part, parts, text, word
from knowledge.timeline.reading.release import Release

_REGION = re.compile(r"(?:UK|TL)[A-Z0-9]{0,3}")
_CPV = re.compile(r"(?<!\d)(\d{8})(?:-\d)?(?!\d)")
_MOST_LOTS = 200


def area_of(release: Release) -> tuple[str, ...]:
    """The places of delivery as given, once each. Countries count only where nothing nearer is said, and where they
    are not a list of the whole world."""
    near: dict[str, None] = {}
    countries: dict[str, None] = {}
    for address in _addresses(release):
        near.update(dict.fromkeys(_near(address)))
        if not _code(address) and (country := line(address, "countryName") or line(address, "country")):
            countries[country] = None
    near.pop("", None)
    return tuple(near) or (tuple(countries) if len(countries) <= 4 and "Rest of the World" not in countries else ())


def regions_of(release: Release) -> tuple[str, ...]:
    """The codes of regions as given (UKJ4), once each."""
    said = [_code(one) for one in _addresses(release)]
    for item in _items(release):
        for place in [part(item, "deliveryLocation"), *parts(item, "deliveryLocations")]:
            said += [word(one).upper() for one in _list(part(place, "gazetteer").get("identifiers"))]
    return tuple(dict.fromkeys(code for code in said if _REGION.fullmatch(code)))


def cpv_of(release: Release) -> tuple[str, ...]:
    """The CPV codes, eight digits each, once each: the main one first."""
    holders = [release.tender, *_items(release)]
    found: dict[str, None] = {}
    for holder in holders:
        for one in [part(holder, "classification"), *parts(holder, "additionalClassifications")]:
            if word(one.get("scheme")).upper() in ("CPV", "") and (code := _CPV.match(word(one.get("id")))):
                found[code[1]] = None
    return tuple(found)


def lots_of(release: Release) -> tuple[Lot, ...]:
    """The lots that still are, where there is more than one."""
    if len(release.lots) < 2:
        return ()
    return tuple(_lot(release, lot, number) for number, lot in enumerate(release.lots[:_MOST_LOTS], start=1))


def _lot(release: Release, lot: Part, number: int) -> Lot:
    least, most = (value_of(release, part(lot, name)) for name in ("minValue", "value"))
    low, high, _ = spread(release, [least, most])
    title = first((line(lot, "title"), f"Lot {word(lot.get('id')) or number}"))
    return Lot(title=title, description=text(lot, "description"), low=low, high=high)


def _near(address: Part) -> Iterator[str]:
    yield line(address, "locality")
    yield "" if _code(address) else line(address, "region")
    yield line(address, "postalCode").upper()
    yield line(address, "description")


def _code(address: Part) -> str:
    """The code of a region where that is what stands for one."""
    said = word(address.get("region")).upper()
    return said if _REGION.fullmatch(said) else ""


def _items(release: Release) -> list[Part]:
    holders = [release.tender, *release.awards, *release.contracts]
    return [item for holder in holders for item in parts(holder, "items")]


def _addresses(release: Release) -> Iterator[Part]:
    for item in [release.tender, *release.lots, *_items(release)]:
        yield from parts(item, "deliveryAddresses")
        yield from [part(item, "deliveryAddress")] if part(item, "deliveryAddress") else []
        for place in [part(item, "deliveryLocation"), *parts(item, "deliveryLocations")]:
            if place:
                yield {"description": place.get("description"), **part(place, "address")}


def _list(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else [value]
