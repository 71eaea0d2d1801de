"""What a report does not show: no number under five by contract or area can be worked out, however one reckons."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from knowledge.reports.disclosure import FEWEST, Rules, withheld

Kind = tuple[Any, ...]


def cells(kind: Kind) -> tuple[Any, ...]:
    """The numbers of a small report: by contract and by area, all of them and those in time or late."""
    contract, area, late = kind
    rows = (("all", ""), ("contract", contract), ("area", area))
    return tuple((*row, column) for row in rows for column in ("concerns", late))


RULES = Rules(cells, lambda key: key[0] != "all", lambda key: key[2] == "concerns", ((0,), (1,), (2,)))
KINDS: tuple[Kind, ...] = tuple(product("AB", "XY", ("in time", "late")))
WIDE: tuple[Kind, ...] = tuple(product("ABC", "X", ("in time", "late")))


def some(seed: int, possible: tuple[Kind, ...], most: int) -> Counter[Kind]:
    """Some concerns, in kinds of very unequal size."""
    dice = random.Random(seed)
    weights = [dice.random() ** 3 for _ in possible]
    return Counter(dice.choices(possible, weights, k=dice.randint(1, most)))


def numbers(kinds: Mapping[Kind, int]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for kind, count in kinds.items():
        found.update(dict.fromkeys(cells(kind), count))
    return found


def all_ways(total: int, places: int) -> Iterator[tuple[int, ...]]:
    """Every way to put so many concerns into so many kinds."""
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in all_ways(total - first, places - 1):
            yield (first, *rest)


def worked_out(kinds: Mapping[Kind, int], hidden: frozenset[Any], possible: tuple[Kind, ...]) -> list[Any]:
    """The small numbers that a reader knows who tries every way the concerns could be: by what is shown, by what is
    none, and by that what is hidden is not none."""
    real = numbers(kinds)
    keys = {key for kind in possible for key in cells(kind)}
    small = [key for key in real if RULES.guarded(key) and 0 < real[key] < FEWEST]
    seen: dict[Any, set[int]] = {key: set() for key in small}
    for way in all_ways(sum(kinds.values()), len(possible)):
        told = numbers(dict(zip(possible, way, strict=True)))
        if all(told[key] >= 1 if key in hidden else told[key] == real[key] for key in keys):
            for key in small:
                seen[key].add(told[key])
    return [key for key in small if len(seen[key]) == 1 and hidden != set(real)]


@pytest.mark.parametrize("seed", range(30))
def test_no_small_number_can_be_worked_out_by_contract_and_area(seed: int) -> None:
    kinds = some(seed, KINDS, 9)
    assert worked_out(kinds, withheld(kinds, RULES), KINDS) == []


@pytest.mark.parametrize("seed", range(30))
def test_nor_among_three_contracts_of_one_area(seed: int) -> None:
    kinds = some(seed, WIDE, 15)
    assert worked_out(kinds, withheld(kinds, RULES), WIDE) == []


def test_the_test_can_tell_a_number_that_can_be_worked_out() -> None:
    kinds = Counter({("A", "X", "in time"): 9, ("B", "X", "in time"): 3})
    only_the_small = frozenset(key for key, value in numbers(kinds).items() if value < FEWEST)
    assert worked_out(kinds, only_the_small, WIDE) == [("contract", "B", "concerns"), ("contract", "B", "in time")]


def test_small_numbers_are_hidden_and_others_so_that_the_total_does_not_tell_them() -> None:
    kinds = {("A", "X", "in time"): 20, ("B", "X", "in time"): 3, ("C", "X", "in time"): 8}
    hidden = withheld(kinds, RULES)
    assert ("contract", "B", "concerns") in hidden
    assert ("contract", "C", "concerns") in hidden, "the total less A and C is B"
    assert ("contract", "A", "concerns") not in hidden, "the larger need not go"
    assert ("all", "", "concerns") not in hidden


def test_where_every_number_is_large_or_none_nothing_is_hidden() -> None:
    kinds = {("A", "X", "in time"): 20, ("B", "Y", "late"): 7}
    assert withheld(kinds, RULES) == frozenset()


def test_where_there_is_one_contract_only_its_small_number_takes_the_total_with_it() -> None:
    kinds = {("A", "X", "in time"): 3}
    assert ("all", "", "concerns") in withheld(kinds, RULES)


def test_what_is_late_and_few_is_hidden_and_how_many_there_are_of_a_contract_stays() -> None:
    kinds = {
        ("A", "X", "in time"): 20, ("A", "X", "late"): 2, ("B", "X", "in time"): 10, ("B", "X", "late"): 6,
    }  # fmt: skip
    hidden = withheld(kinds, RULES)
    assert {key for key in hidden if key[2] == "concerns"} == set()
    assert {("contract", "A", "late"), ("contract", "A", "in time"), ("contract", "B", "late")} <= hidden


@pytest.mark.parametrize("seed", range(30))
def test_no_small_number_is_shown_at_all(seed: int) -> None:
    kinds = some(seed, KINDS, 60)
    hidden = withheld(kinds, RULES)
    shown = [key for key in numbers(kinds) if key not in hidden and RULES.guarded(key)]
    assert [key for key in shown if numbers(kinds)[key] < FEWEST] == []
