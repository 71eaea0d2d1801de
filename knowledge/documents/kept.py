"""What was read of an index, kept so that it need not be read and taken apart again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", int, str)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Reads what is not kept yet, all that is asked for at once; keeps what was read first no longer where there is no
    room for more. `read` gives a value for every key that has one; `room`: what all kept values may measure together,
    each measuring 1 or what `measure` says. One object may serve many threads."""

    def __init__(
        self,
        read: Callable[[Sequence[Key]], Mapping[Key, Value]],
        room: int,
        measure: Callable[[Value], int] = lambda value: 1,
    ) -> None:
        self._read: Callable[[Sequence[Key]], Mapping[Key, Value]] = read
        self._room, self._measure = room, measure
        self._held: dict[Key, Value] = {}
        self._none: set[Key] = set()
        self._taken = 0
        self._keeping = threading.Lock()

    def get(self, keys: Sequence[Key]) -> list[Value]:
        """The values of those keys that have one, in the keys' order."""
        return list(self.items(keys).values())

    def items(self, keys: Sequence[Key]) -> dict[Key, Value]:
        """The same by their keys."""
        held = self._held
        found = {key: value for key in keys if (value := held.get(key)) is not None}
        wanted = [key for key in keys if key not in found and key not in self._none]
        if not wanted:
            return found
        read = self._keep(wanted, self._read(wanted))
        return {key: found[key] if key in found else read[key] for key in keys if key in found or key in read}

    def _keep(self, wanted: Sequence[Key], read: Mapping[Key, Value]) -> Mapping[Key, Value]:
        with self._keeping:
            if len(self._none) < self._room:
                self._none.update(key for key in wanted if key not in read)
            for key, value in read.items():
                if key not in self._held:
                    self._held[key] = value
                    self._taken += self._measure(value)
            while self._taken > self._room and len(self._held) > len(read):
                self._taken -= self._measure(self._held.pop(next(iter(self._held))))
        return read
