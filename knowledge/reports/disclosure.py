"""Which numbers a report does not show, so that no small one can be worked out.

A guarded number from one to four is not shown. That alone would be for nothing: what the others of its column leave of
their total is the number. So others are not shown either, until this holds for every guarded small number: there are
other concerns than the real ones from which the very same report would come, and in which that number is another one.
They are the real ones but for one or two, which trade a trait (their contract, their district, whether they were
answered in time) or take another's; what becomes of them is of a sort that is there (`together`). Whoever reads the
report cannot know which of the two it is, however they add and subtract.

The report marks all that it does not show alike: telling them apart would tell what was hidden for its own sake.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from heapq import nlargest
from operator import eq
from typing import Any, NamedTuple

FEWEST = 5
"""The smallest number, but none, that is shown by contract or area."""
_CLOSE = (10, 60)
"""How many kinds, the likest first, are tried before all of them."""

Kind = tuple[Any, ...]
"""What the numbers cannot tell apart: a trait at each place."""
Key = Hashable
Move = tuple[tuple[Kind, ...], tuple[Kind, ...]]
"""Kinds of which one concern each is taken away, and kinds to which one each is added."""


class Rules(NamedTuple):
    """How numbers come of kinds. `cells`: the numbers a kind counts in; `guarded`: whether a number must not be known
    where it is small; `dear`: how much readers want it, 0 for least, so that it goes last; `trades`: places of
    traits that go from one concern to another, together; `together`: pairs of places of traits that occur only as they
    do among the real ones."""

    cells: Callable[[Any], tuple[Key, ...]]
    guarded: Callable[[Any], bool]
    dear: Callable[[Any], int] = lambda key: 0
    trades: tuple[tuple[int, ...], ...] = ((0,),)
    together: tuple[tuple[int, int], ...] = ()


def withheld(kinds: Mapping[Any, int], rules: Rules) -> frozenset[Any]:
    """The numbers that are not shown. `kinds`: how many concerns there are of each kind, at least one. A number that
    is none may be shown."""
    return _Book(kinds, rules).settle()


class _Book:
    """The numbers of a report, while it is settled which of them are hidden."""

    def __init__(self, kinds: Mapping[Kind, int], rules: Rules) -> None:
        self._rules = rules
        self._cells = {tuple(kind): rules.cells(kind) for kind in kinds}
        self._values: dict[Key, int] = {}
        for kind, count in kinds.items():
            for key in self._cells[tuple(kind)]:
                self._values[key] = self._values.get(key, 0) + count
        self._there = {(pair, kind[pair[0]], kind[pair[1]]) for kind in kinds for pair in rules.together}
        self._hidden = {key for key in self._values if rules.guarded(key) and self._values[key] < FEWEST}

    def settle(self) -> frozenset[Key]:
        """What is hidden in the end. Hiding more never makes known what was not."""
        for key in sorted(self._hidden, key=lambda one: (self._values[one], str(one))):
            self._blur(key)
        return frozenset(self._hidden)

    def _blur(self, key: Key) -> None:
        """Hides the least that leaves a number unknown; where nothing does, everything."""
        least: tuple[tuple[int, int, int], set[Key]] | None = None
        for most in (*_CLOSE, len(self._cells)):
            if least and (most not in _CLOSE or not least[0][0] + least[0][1]):
                break
            for move in self._moves(key, most):
                also = self._to_hide(key, move)
                if also is None:
                    continue
                if not also:
                    return
                cost = self._cost(also)
                least = (cost, also) if least is None or cost < least[0] else least
        self._hidden |= least[1] if least else set(self._values)

    def _to_hide(self, key: Key, move: Move) -> set[Key] | None:
        """What must be hidden for a move to change nothing that is shown; None where it will not do: it leaves the
        number as it is, or makes one none, which would be shown, or of none one."""
        changes: dict[Key, int] = {}
        for step, kinds in zip((-1, 1), move, strict=True):
            for kind in kinds:
                for one in self._cells.get(kind) or self._rules.cells(kind):
                    changes[one] = changes.get(one, 0) + step
        touched = {one for one, change in changes.items() if change}
        if key not in touched or any(not 0 < self._values.get(one, 0) > -changes[one] for one in touched):
            return None
        return touched - self._hidden

    def _cost(self, keys: Iterable[Key]) -> tuple[int, int, int]:
        """Numbers that need no guard are the last to go, the dear before them; else what tells least goes first."""
        found = list(keys)
        free, dear = sum(map(self._rules.guarded, found)), sum(map(self._rules.dear, found))
        return len(found) - free, dear, sum(self._values[one] for one in found)

    def _moves(self, key: Key, most: int) -> Iterator[Move]:
        """Moves that may change a number: of a kind that counts in it with one that does not, the likest first."""
        inside = [kind for kind, cells in self._cells.items() if key in cells]
        outside = [kind for kind, cells in self._cells.items() if key not in cells]
        for one in inside:
            for other in nlargest(most, outside, key=lambda kind: _likeness(one, kind)):
                yield from self._between(one, other)

    def _between(self, one: Kind, other: Kind) -> Iterator[Move]:
        """One taken for the other, or the other for it; each with a trait of the other's; both having traded it."""
        for places in (tuple(range(len(one))), *self._rules.trades):
            first, second = _taking(one, other, places), _taking(other, one, places)
            may_first, may_second = self._may_be(first), self._may_be(second)
            if may_first:
                yield (one,), (first,)
            if may_second:
                yield (other,), (second,)
            if may_first and may_second and first != other:
                yield (one, other), (first, second)
                if first in self._cells and second in self._cells:  # the same trade the other way round
                    yield (first, second), (one, other)

    def _may_be(self, kind: Kind) -> bool:
        return all((pair, kind[pair[0]], kind[pair[1]]) in self._there for pair in self._rules.together)


def _likeness(one: Kind, other: Kind) -> int:
    return sum(map(eq, one, other))


def _taking(one: Kind, other: Kind, places: tuple[int, ...]) -> Kind:
    """A concern as it was, with another's traits at some places."""
    return tuple(other[place] if place in places else trait for place, trait in enumerate(one))
