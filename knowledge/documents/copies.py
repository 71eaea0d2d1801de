"""Which passages repeat another document's: most of their words stand there in the same order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_SHINGLE = 8
"""Words in a row by which a copy of a passage is recognised."""
_COPIED = 0.6
"""Share of a passage's shingles that stand in another for it to be its copy."""
_MIX = 0x9E3779B97F4A7C15
"""An odd number by which a shingle's words are told apart by their order."""
_AT_ONCE = 8_000_000
"""Shingles looked at together, so that a council of a million passages needs no more memory than it must."""

Shingles = NDArray[np.uint64]


def shingles(stems: NDArray[np.int32]) -> Shingles:
    """A passage's runs of words, each as one number, each once. `stems`: its words' numbers in order."""
    if len(stems) < _SHINGLE:
        return np.empty(0, np.uint64)
    mixed = (stems.astype(np.uint64) + np.uint64(1)) * np.uint64(_MIX)
    mixed ^= mixed >> np.uint64(29)
    runs = np.lib.stride_tricks.sliding_window_view(mixed, _SHINGLE)
    found = np.zeros(len(runs), np.uint64)
    for place in range(_SHINGLE):
        found = found * np.uint64(_MIX) + runs[:, place]
    return np.unique(found)


def copies(each: Sequence[Shingles], papers: Sequence[int], at_once: int = _AT_ONCE) -> dict[int, int]:
    """By place, the passages that are copies, and what each is a copy of: the first that says the same. `each`: the
    passages' shingles, those first that more people may read; `papers`: the number of the document of each; `at_once`:
    shingles looked at together."""
    sizes = np.fromiter(map(len, each), np.int64, len(each))
    if not sizes.sum():
        return {}
    text = np.repeat(np.arange(len(each), dtype=np.int32), sizes)
    first = _first_with(np.concatenate(each), text, at_once)
    of = np.asarray(papers)
    elsewhere = np.flatnonzero(of[first] != of[text])
    pairs, counts = np.unique(text[elsewhere].astype(np.int64) * len(each) + first[elsewhere], return_counts=True)
    found: dict[int, int] = {}
    best: dict[int, int] = {}
    enough = counts >= _COPIED * sizes[pairs // len(each)]
    for pair, count in zip(pairs[enough].tolist(), counts[enough].tolist(), strict=True):
        place, other = divmod(pair, len(each))
        if count > best.get(place, 0):
            best[place], found[place] = count, found.get(other, other)
    return found


def _first_with(keys: Shingles, text: NDArray[np.int32], at_once: int) -> NDArray[np.int32]:
    """For each shingle, the first passage that has it."""
    first = np.empty(len(keys), np.int32)
    parts = len(keys) // at_once + 1
    for part in range(parts):
        here = np.flatnonzero(keys % np.uint64(parts) == part) if parts > 1 else np.arange(len(keys))
        order = here[np.argsort(keys[here], kind="stable")]
        opens = np.flatnonzero(np.diff(keys[order], prepend=~keys[order[:1]]) != 0)
        first[order] = np.repeat(text[order[opens]], np.diff(opens, append=len(order)))
    return first
