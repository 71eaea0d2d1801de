"""Criteria as the fields of a form, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from knowledge.gazetteer import Gazetteer
from knowledge.subscriptions.codes import region_code
from knowledge.subscriptions.nouns import Area, Criteria, Offer
from knowledge.subscriptions.pace import AT_ONCE, read_every
from knowledge.subscriptions.understanding.about_field import about_of, read_about
from knowledge.subscriptions.understanding.codes import no_code, sort_codes
from knowledge.subscriptions.understanding.nouns import Teller
from knowledge.subscriptions.understanding.places import areas_of
from knowledge.subscriptions.understanding.sums import read_sum
from knowledge.subscriptions.understanding.telling import area_in_words

FIELDS = ("about", "cpv", "area", "low", "high", "kinds", "suited", "every")
"""The fields of a form. `kinds`: values of Offer, joined by commas; `suited`: sme, vcse; `every`: see `pace`."""
MOST = 100
"""Expressions, codes or places of an alert: whoever names more wants everything, and each is compared with every
intention."""
_REGION = re.compile(r"(?:UK|TLU?)[C-N]\d?\w{0,2}", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"(.+?) \(([^()]+)\)")


def fields_of(criteria: Criteria, every: str = "") -> dict[str, str]:
    """What the fields hold for these criteria."""
    suited = [name for name, wanted in (("sme", criteria.sme), ("vcse", criteria.vcse)) if wanted]
    areas = [*map(area_in_words, criteria.areas), *(f"UK{code}" for code in criteria.regions)]
    return {
        "about": about_of(criteria), "cpv": ", ".join(criteria.cpv), "area": ", ".join(areas),
        "low": _sum(criteria.low), "high": _sum(criteria.high), "kinds": ",".join(criteria.kinds),
        "suited": ",".join(suited), "every": every,
    }  # fmt: skip


def read_fields(fields: Mapping[str, str], teller: Teller) -> tuple[Criteria, str, dict[str, str]]:
    """The criteria of a form as it was filled in, how often ("at once" where it does not say), and what is wrong with
    it by field. What is wrong is left out of the criteria."""
    wrong: dict[str, str] = {}

    def read(name: str, how: Callable[[str], Any], otherwise: Any) -> Any:
        try:
            return how(fields.get(name, "").strip())
        except ValueError as error:
            wrong[name] = str(error)
            return otherwise

    about, missing = read_about(fields.get("about", ""), teller)
    if missing:
        wrong["about"] = missing
    cpv, no_codes = sort_codes(re.split(r"[,;\s/]+", fields.get("cpv", "").strip()) if fields.get("cpv") else [])
    if bad := [one for one in no_codes if one]:
        wrong["cpv"] = " ".join(map(no_code, bad))
    areas, regions, unknown = _areas(fields.get("area", ""), teller.reader.gazetteer)
    if unknown:
        wrong["area"] = unknown
    for name, some in (("about", about.words), ("cpv", cpv), ("area", (*areas, *regions)), ("about", about.follows)):
        if len(some) > MOST:
            wrong[name] = f"At most {MOST} at a time."
    low, high = (read(name, _read_sum, None) for name in ("low", "high"))
    if low is not None and high is not None and low > high:
        wrong["high"], high = "The highest value is below the lowest.", None
    sme, vcse = read("suited", _suited, (False, False))
    criteria = Criteria(
        words=about.words[:MOST], services=about.services, follows=about.follows[:MOST],
        cpv=tuple(dict.fromkeys((*cpv[:MOST], *about.cpv))), areas=areas[:MOST], regions=regions[:MOST],
        low=low, high=high, kinds=read("kinds", _kinds, ()), sme=sme, vcse=vcse,
    )  # fmt: skip
    return criteria, read("every", read_every, AT_ONCE), wrong


def _sum(amount: int | None) -> str:
    return "" if amount is None else f"{amount:,}"


def _read_sum(text: str) -> int | None:
    return read_sum(text) if text else None


def _kinds(text: str) -> tuple[Offer, ...]:
    found = []
    for one in filter(None, (part.strip().casefold() for part in text.split(","))):
        try:
            found.append(Offer(one))
        except ValueError:
            raise ValueError(f"“{one[:40]}” is no kind of opportunity: {', '.join(Offer)}.") from None
    return tuple(dict.fromkeys(found))


def _suited(text: str) -> tuple[bool, bool]:
    said = {part.strip().casefold() for part in text.split(",")} - {""}
    if strange := said - {"sme", "vcse"}:
        raise ValueError(f"“{min(strange)[:40]}” is neither sme nor vcse.")
    return "sme" in said, "vcse" in said


def _areas(text: str, gazetteer: Gazetteer) -> tuple[tuple[Area, ...], tuple[str, ...], str]:
    areas, regions, unknown = list[Area](), list[str](), list[str]()
    for one in filter(None, (part.strip() for part in re.split(r"[,;\n]|\bor\b", text))):
        if _REGION.fullmatch(one):
            regions.append(region_code(one))
        elif found := _area(one, gazetteer):
            areas += found
        else:
            unknown.append(one)
    why = f"No place called {' or '.join(unknown)} is known: name a town or district." if unknown else ""
    return tuple(dict.fromkeys(areas)), tuple(regions), why[:300]


def _area(name: str, gazetteer: Gazetteer) -> tuple[Area, ...]:
    known = {district.casefold(): district for district in gazetteer.districts}
    if (inside := _IN_BRACKETS.fullmatch(name)) and (not known or inside[2].casefold() in known):
        return (Area(name=inside[1], district=known.get(inside[2].casefold(), inside[2])),)
    if name.casefold() in known:
        return (Area(name=known[name.casefold()], district=known[name.casefold()]),)
    if not gazetteer.places:
        return (Area(name=name[:80]),)
    return areas_of(name, gazetteer)
