"""What a search finds: passages that may answer, with what spoke for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import overload


@dataclass(frozen=True)
class Found:
    """A passage that may answer. `score` compares passages of one question; `cover` is the share of what was asked
    (0 to 1) that the passage and its digest speak of; `entry` the digest entry that spoke for it, by number, and `ask`
    which of its ways of asking; `fits`: a sum asked about falls in a band of money it speaks of."""

    number: int
    score: float
    cover: float
    entry: int | None = None
    voices: dict[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    fits: bool = False
    ask: int = 0


class Ranked(Sequence[Found]):
    """The passages that may answer, best first. Most are never looked at, so each is put together when it first is."""

    def __init__(self, order: Sequence[int], make: Callable[[int], Found]) -> None:
        self._order, self._make = order, make
        self._made: dict[int, Found] = {}

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, place: int) -> Found: ...
    @overload
    def __getitem__(self, place: slice) -> list[Found]: ...
    def __getitem__(self, place: int | slice) -> Found | list[Found]:
        if isinstance(place, slice):
            return [self._at(at) for at in self._order[place]]
        return self._at(self._order[place])

    def _at(self, at: int) -> Found:
        if at not in self._made:
            self._made[at] = self._make(at)
        return self._made[at]
