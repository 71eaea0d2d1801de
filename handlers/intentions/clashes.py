"""Tenders for the same market too near each other, in plain words: for whoever is about to publish one."""

from __future__ import annotations

from datetime import date

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.intentions.standing import kind_words, listed
from handlers.intentions.times import when_words
from knowledge.timeline.clashing import Clash, Tender, clashes_with, tender_of
from knowledge.timeline.nouns import Terms
from knowledge.timeline.when import When

MATTERS = frozenset({"title", "tender", "area", "service", "category", "route", "state"})
"""Fields of whose change it is looked anew."""
_SHOWN = 5


def clashing(connection: Connection, reference: str, terms: Terms, desk: Desk) -> str:
    """What an officer reads who is about to publish a tender near others for the same market; "" for none."""
    tender = tender_of(connection, reference, terms)
    found = clashes_with(connection, tender, desk.day) if tender else []
    if not tender or not found:
        return ""
    others = [other_of(clash, tender) for clash in found]
    said = [f"{one.reference}, {one.title} ({when_of(one)})" for one in others[:_SHOWN]]
    more = [f"{len(others) - _SHOWN} more"] if len(others) > _SHOWN else []
    return f"These tenders for the same market fall within six weeks: {'; '.join([*said, *more])}."


def other_of(clash: Clash, tender: Tender) -> Tender:
    """The other of the two."""
    return clash.one if clash.one.reference != tender.reference else clash.other


def when_of(one: Tender) -> str:
    """When a tender comes out: "March 2027"."""
    return when_words(When(said="", first=one.first, last=one.last))


def near_words(clash: Clash) -> str:
    """How near: "12 days between them"."""
    if not clash.days:
        same_day = clash.one.last == clash.one.first == clash.other.first == clash.other.last
        return "on the same day" if same_day else "may fall together"
    return f"{clash.days} day{'' if clash.days == 1 else 's'} between them"


def market_words(clash: Clash) -> str:
    """What they have in common: "Home care"; where no kind of service, "CPV 8531"."""
    kinds = sorted(one[2:] for one in clash.shared if one.startswith("s:"))
    codes = sorted(f"CPV {one[2:]}" for one in clash.shared if one.startswith("c:"))
    return kind_words(kinds, most=3) or listed(codes)


def where_words(clash: Clash) -> str:
    """Where they meet."""
    both = clash.one.districts & clash.other.districts or clash.one.districts or clash.other.districts
    return listed(sorted(both)) or "the whole county"


def as_json(clash: Clash) -> dict[str, object]:
    """A clash for programs."""
    return {
        "tenders": [_tender(clash.one), _tender(clash.other)], "days_between": clash.days,
        "market": market_words(clash), "where": where_words(clash),
    }  # fmt: skip


def _tender(one: Tender) -> dict[str, str]:
    def iso(day: date) -> str:
        return day.isoformat()

    return {"reference": one.reference, "title": one.title, "first": iso(one.first), "last": iso(one.last)}
