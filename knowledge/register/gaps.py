"""What the register lacks where it matters: contracts in force, above a sum, without manager, director or review date.

The sum is £50,000, as the sample frameworks have it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from knowledge.register.contract import State, somebody
from knowledge.register.holding import Held

OVER = Decimal(50_000)
"""Pounds: a contract counts whose value is above."""
WANTED = ("manager", "director", "review")


@dataclass(frozen=True)
class Lack:
    """A contract, the wanted fields it lacks, and those of them that say there is nobody ("Vacant")."""

    reference: str
    title: str
    department: str
    lacks: tuple[str, ...]
    vacant: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """How many contracts there are, how many have each wanted field, and how many have them all."""

    contracts: int
    manager: int
    director: int
    review: int
    whole: int

    def of(self, count: int) -> float | None:
        """A count as a share of the contracts, 0 to 1; None where there are none."""
        return count / self.contracts if self.contracts else None


@dataclass(frozen=True)
class Gaps:
    """The register's gaps on a day. `unvalued`: contracts in force whose value nobody says, which are not counted."""

    day: date
    share: Share
    departments: dict[str, Share]
    lacking: tuple[Lack, ...]
    unvalued: int


def gaps(held: Sequence[Held], day: date) -> Gaps:
    """What the contracts in force on this day, above the sum, lack."""
    in_force = [one for one in held if one.state(day) is State.IN_FORCE]
    counted = [one for one in in_force if one.contract.value is not None and one.contract.value > OVER]
    by_department: dict[str, list[Held]] = defaultdict(list)
    for one in counted:
        by_department[one.contract.department].append(one)
    return Gaps(
        day,
        _share(counted),
        {name: _share(by_department[name]) for name in sorted(by_department, key=str.casefold)},
        tuple(_lack(one) for one in counted if _lacks(one)),
        sum(one.contract.value is None for one in in_force),
    )


def _lacks(one: Held) -> tuple[str, ...]:
    contract = one.contract
    has = {
        "manager": somebody(contract.manager),
        "director": somebody(contract.director),
        "review": contract.review is not None,
    }
    return tuple(name for name in WANTED if not has[name])


def _lack(one: Held) -> Lack:
    contract, lacks = one.contract, _lacks(one)
    vacant = tuple(name for name in ("manager", "director") if name in lacks and getattr(contract, name).strip())
    return Lack(contract.reference, contract.title, contract.department, lacks, vacant)


def _share(held: Sequence[Held]) -> Share:
    lacking = [_lacks(one) for one in held]
    has = {name: sum(name not in lacks for lacks in lacking) for name in WANTED}
    return Share(len(held), has["manager"], has["director"], has["review"], sum(not lacks for lacks in lacking))
