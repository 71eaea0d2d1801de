"""The shares of spending by SME and VCSE, worked out of the register alone.

Counts under five are shown: these are contracts, which councils must publish one by one, not people's concerns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from knowledge.register.contract import Contract, State, key_of
from knowledge.register.finding.classifying import COUNTYWIDE as SAYS_COUNTYWIDE
from knowledge.register.holding import Held
from knowledge.register.reading.terms import days_in
from knowledge.supply.nouns import APART, COUNTYWIDE, NOWHERE, SEVERAL, Chain, Left, Sector, Shares, Supply, Where
from knowledge.supply.yearly import a_year, in_house

PROMPT = 30
"""Days within which sub-contractors are to be paid (Public Contracts Regulations 2015, 113; Procurement Act 2023, 68
and 73)."""


@dataclass(frozen=True)
class _Counted:
    """A contract that can be counted, its pence a year, and what it stands in."""

    contract: Contract
    pence: int
    inside: str = ""


def supply(held: Sequence[Held], where: Where, day: date, among: Collection[str] | None = None) -> Supply:
    """The supply chain of the contracts in force on a day; of those of these keys only where `among` is given."""
    live = [one.contract for one in held if one.state(day) is State.IN_FORCE]
    yearly = [(one, a_year(one)) for one in live if not in_house(one)]
    priced = {one.key: _Counted(one, pence) for one, pence in yearly if pence is not None}
    counted = {key: _Counted(one.contract, one.pence, _inside(key, priced)) for key, one in priced.items()}
    below = _below(counted.values())
    chosen = [one for one in live if among is None or one.key in among]
    mine = [counted[one.key] for one in chosen if one.key in counted and not counted[one.key].inside]
    shares = {one.contract.key: _shares(one, below.get(one.contract.key, ())) for one in mine}
    return Supply(
        day,
        _sum(shares.values()),
        _by_row(mine, shares, where),
        _shared(mine, shares, where),
        _left(chosen, counted),
        _chain([one for one in chosen if not in_house(one)]),
    )


def row_of(contract: Contract, where: Where) -> str:
    """The row a contract stands in: its one district, or one of `APART`."""
    districts = where.of.get(contract.key, frozenset())
    if len(districts) == 1:
        return next(iter(districts))
    if districts:
        return COUNTYWIDE if where.county and districts >= where.county else SEVERAL
    return COUNTYWIDE if SAYS_COUNTYWIDE.search(contract.area) else NOWHERE


def _inside(key: str, priced: Mapping[str, _Counted]) -> str:
    """The outermost contract that counts and that this one is part of, "" where it is part of none, or of itself."""
    above = ""
    parent = key_of(priced[key].contract.parent)
    seen = set[str]()
    while parent in priced and parent not in seen:
        if parent == key:
            return ""
        seen.add(parent)
        above, parent = parent, key_of(priced[parent].contract.parent)
    return "" if parent in seen else above


def _below(counted: Iterable[_Counted]) -> dict[str, list[_Counted]]:
    """The contracts that are part of another, by that other's key."""
    found: dict[str, list[_Counted]] = {}
    for one in counted:
        if one.inside:
            found.setdefault(one.inside, []).append(one)
    return found


def _shares(one: _Counted, below: Sequence[_Counted]) -> Shares:
    return Shares(1, one.pence, _sector(one, below, "sme"), _sector(one, below, "vcse"))


def _sector(one: _Counted, below: Sequence[_Counted], name: str) -> Sector:
    """What of a contract goes to one sort: all, where its provider is of that sort, else what is passed on: the share
    the register gives, or without one, the sub-contracts of that sort which the register lists."""
    is_so: bool | None = getattr(one.contract, name)
    if is_so:
        return Sector(contracts=1, pence=one.pence)
    share: Decimal | None = getattr(one.contract, f"{name}_share")
    listed = sum(part.pence for part in below if getattr(part.contract, name))
    passed = int(one.pence * share / 100) if share is not None else min(listed, one.pence)
    unsaid = is_so is None
    return Sector(passed=passed, unsaid=one.pence - passed if unsaid else 0, unsaid_contracts=int(unsaid))


def _sum(shares: Iterable[Shares]) -> Shares:
    return sum(shares, Shares())


def _by_row(mine: Sequence[_Counted], shares: Mapping[str, Shares], where: Where) -> dict[str, Shares]:
    found: dict[str, Shares] = {}
    for one in mine:
        row = row_of(one.contract, where)
        found[row] = found.get(row, Shares()) + shares[one.contract.key]
    names = sorted((set(found) | where.county) - set(APART)) + [name for name in APART if name in found]
    return {name: found.get(name, Shares()) for name in names}


def _shared(mine: Sequence[_Counted], shares: Mapping[str, Shares], where: Where) -> dict[str, Shares]:
    found: dict[str, Shares] = {}
    for one in mine:
        if row_of(one.contract, where) == SEVERAL:
            for district in where.of[one.contract.key]:
                found[district] = found.get(district, Shares()) + shares[one.contract.key]
    return found


def _left(chosen: Sequence[Contract], counted: Mapping[str, _Counted]) -> Left:
    ours = [one for one in chosen if not in_house(one)]
    return Left(
        in_house=len(chosen) - len(ours),
        unvalued=sum(one.value is None for one in ours),
        undated=sum(one.value is not None and not (one.start and one.end) for one in ours),
        within=sum(bool(one.key in counted and counted[one.key].inside) for one in ours),
    )


def _chain(chosen: Sequence[Contract]) -> Chain:
    days = [days_in(one.subcontractor_terms) for one in chosen]
    return Chain(
        contracts=len(chosen),
        naming=sum(bool(one.subcontractors.strip()) for one in chosen),
        terms=sum(bool(one.payment_terms.strip()) for one in chosen),
        below=sum(bool(one.subcontractor_terms.strip()) for one in chosen),
        prompt=sum(one is not None and one <= PROMPT for one in days),
        late=sum(one is not None and one > PROMPT for one in days),
    )
