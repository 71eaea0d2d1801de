"""Figures of the supply chain. All sums are in pence, and a year's: a value spread evenly over its term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

COUNTYWIDE = "Countywide"
SEVERAL = "Several districts"
NOWHERE = "No place given"
APART = (SEVERAL, COUNTYWIDE, NOWHERE)
"""Rows beside the districts, so that every contract stands in one row and the rows add up to the whole."""


@dataclass(frozen=True)
class Sector:
    """What goes to one sort of provider. `pence`: to providers of that sort themselves, in so many `contracts`;
    `passed`: from other providers down to such firms, where the register says so; `unsaid`: to providers of whom the
    register does not say whether they are of that sort, in `unsaid_contracts`."""

    contracts: int = 0
    pence: int = 0
    passed: int = 0
    unsaid: int = 0
    unsaid_contracts: int = 0

    def __add__(self, other: Sector) -> Sector:
        return Sector(
            self.contracts + other.contracts, self.pence + other.pence, self.passed + other.passed,
            self.unsaid + other.unsaid, self.unsaid_contracts + other.unsaid_contracts,
        )  # fmt: skip


@dataclass(frozen=True)
class Shares:
    """What some contracts come to a year, and what of it goes to SMEs and to VCSEs. A provider may be both, so the two
    are not to be added."""

    contracts: int = 0
    pence: int = 0
    sme: Sector = Sector()
    vcse: Sector = Sector()

    def __add__(self, other: Shares) -> Shares:
        return Shares(
            self.contracts + other.contracts, self.pence + other.pence, self.sme + other.sme, self.vcse + other.vcse
        )

    def of(self, pence: int) -> float | None:
        """A sum as a share of the whole, 0 to 1; None where the whole is nothing."""
        return pence / self.pence if self.pence else None


@dataclass(frozen=True)
class Left:
    """Contracts in force that no share counts, and why: the council does it itself; no value; no start or no end, so
    that no year can be worked out; part of another that counts, which would be counted twice."""

    in_house: int = 0
    unvalued: int = 0
    undated: int = 0
    within: int = 0

    @property
    def contracts(self) -> int:
        """All of them."""
        return self.in_house + self.unvalued + self.undated + self.within


@dataclass(frozen=True)
class Chain:
    """What contracts in force with providers say of those below. `naming`: name sub-contractors; `terms`: say when the
    council pays; `below`: say when the provider pays its sub-contractors, of which `prompt` within 30 days, `late`
    later, and the others in words that give no single number of days."""

    contracts: int = 0
    naming: int = 0
    terms: int = 0
    below: int = 0
    prompt: int = 0
    late: int = 0


@dataclass(frozen=True)
class Supply:
    """The supply chain on a day. `districts`: by the one row each contract stands in (a district, or one of `APART`);
    `shared`: by district, contracts that serve it and others too: these overlap, and are not to be added. Of one
    `district` alone: `beside` has what serves it among several, and what serves the whole county."""

    day: date
    whole: Shares
    districts: Mapping[str, Shares]
    shared: Mapping[str, Shares]
    left: Left
    chain: Chain
    district: str = ""
    beside: Mapping[str, Shares] = field(default_factory=dict)


@dataclass(frozen=True)
class Where:
    """Where contracts are. `of`: the districts each serves, by key, none for the whole county or not said; `county`:
    every district there is."""

    of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    county: frozenset[str] = frozenset()


class Column(NamedTuple):
    """A column of a table. `name`: as files call it; `heading`: for people."""

    name: str
    heading: str


class Figure(NamedTuple):
    """A cell of a table. `said`: for people; `value`: for machines: a name, a count, pounds or a share of 1, None
    where there is none."""

    said: str
    value: int | float | str | None


@dataclass(frozen=True)
class Section:
    """A table to be shown, a row's name first. `name`: as files call it; `note`: what the figures are, and what they
    leave out."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Figure, ...], ...]
    note: str
