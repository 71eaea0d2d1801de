"""A release of the Open Contracting Data Standard, opened: who published it, its number, its moment, its parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from knowledge.timeline.nouns import Source
from knowledge.timeline.reading.parts import Part, part, parts, word, words
from knowledge.timeline.reading.times import read_moment

_PREFIXES = {"ocds-h6vhtk": Source.FIND_A_TENDER, "ocds-b5fd17": Source.CONTRACTS_FINDER}
_LONGEST_ID = 200
DEAD = frozenset(("cancelled", "unsuccessful", "withdrawn"))
"""Statuses of what will not be, whether of a procurement, a lot or an award."""


class NoStatement(ValueError):
    """An entry that makes no statement. Its text says why, in words that follow "record 3"."""


@dataclass(frozen=True)
class Release:
    """`id`: as it stands; `number`: unique in its source; `at`: in UTC; `tags`: what it says it is."""

    whole: Part
    source: Source
    ocid: str
    id: str
    number: str
    at: datetime
    tags: tuple[str, ...]

    @cached_property
    def tender(self) -> Part:
        """Its part on the tender."""
        return part(self.whole, "tender")

    @cached_property
    def planning(self) -> Part:
        """Its part on planning."""
        return part(self.whole, "planning")

    @cached_property
    def lots(self) -> list[Part]:
        """The lots it is tendered in."""
        return parts(self.tender, "lots")

    @cached_property
    def awards(self) -> list[Part]:
        """Awards that stand."""
        return [one for one in parts(self.whole, "awards") if status(one) not in DEAD]

    @cached_property
    def contracts(self) -> list[Part]:
        """Contracts that stand or stood."""
        return [one for one in parts(self.whole, "contracts") if status(one) != "cancelled"]

    @cached_property
    def documents(self) -> list[Part]:
        """Every document, of the earliest part first."""
        return list(_documents(self.whole))


def open_release(entry: Part) -> Release:
    """An entry as a release. Raises NoStatement where it lacks what every notice has."""
    ocid, own = word(entry.get("ocid")), word(entry.get("id"))
    if not ocid:
        raise NoStatement("has no ocid")
    if not own:
        raise NoStatement("has no id")
    if max(len(ocid), len(own)) > _LONGEST_ID:
        raise NoStatement(f"has an ocid or id of more than {_LONGEST_ID} characters, which is none")
    source = source_of(ocid)
    number = own if source is not Source.OTHER or own.startswith(ocid) else f"{ocid}/{own}"
    if len(number) > _LONGEST_ID:  # what the record's column holds
        raise NoStatement(f"has an ocid and id of more than {_LONGEST_ID} characters together, which are none")
    return Release(entry, source, ocid, own, number, _moment(entry), tuple(words(entry.get("tag"))))


def source_of(ocid: str) -> Source:
    """Who publishes under an open contracting identifier."""
    return next((source for prefix, source in _PREFIXES.items() if ocid.lower().startswith(prefix)), Source.OTHER)


def status(of: Part) -> str:
    """The status of a procurement, a lot or an award, in small letters."""
    return word(of.get("status")).lower()


def _moment(entry: Part) -> datetime:
    """When it was published: as it says, else its newest document, else its tender. Raises NoStatement."""
    if at := read_moment(entry.get("date")):
        return at
    dates = [read_moment(one.get("datePublished")) for one in _documents(entry)]
    if found := [one for one in (*dates, read_moment(part(entry, "tender").get("datePublished"))) if one]:
        return max(found)
    said = word(entry.get("date"))
    raise NoStatement(f"has a date that is none ({said[:40]!r})" if said else "has no date")


def _documents(entry: Part) -> Iterator[Part]:
    for holder in (entry, part(entry, "planning"), part(entry, "tender")):
        yield from parts(holder, "documents")
    for name in ("awards", "contracts"):
        for one in parts(entry, name):
            yield from parts(one, "documents")
            yield from parts(part(one, "implementation"), "documents")
