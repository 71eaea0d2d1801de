"""Whether one text repeats another: a message that was tried first as a question, kept once more as it came in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_SHORTEST, _PART = 12, 20
"""Characters below which a text stands in others by chance, and a part of it in its whole."""


def plain(text: str) -> str:
    """A text as it is compared: small letters, single spaces."""
    return " ".join(text.casefold().split())


class Said:
    """Texts that are looked for in others."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [found for one in texts if (found := plain(one))]

    def __bool__(self) -> bool:
        return bool(self._texts)

    def in_(self, value: Any) -> bool:
        """Whether any of them is repeated anywhere in a value: a text, a list or an object, at any depth."""
        return any(self._repeated(plain(text)) for text in texts_in(value))

    def _repeated(self, text: str) -> bool:
        return any(
            one == text
            or (len(one) >= _SHORTEST and one in text)
            or (len(text) >= max(_PART, len(one) // 3) and text in one)
            for one in self._texts
        )


def naming(words: Iterable[str]) -> Callable[[Any], bool]:
    """Tells whether a value names somebody by one of these words, addresses or a name, whole: joann@example.org is not
    ann@example.org."""
    wanted = [re.escape(found) for one in words if (found := plain(one))]
    pattern = re.compile(rf"(?<![\w.+-])(?:{'|'.join(wanted)})(?![\w-]|\.\w)")
    return lambda value: bool(wanted) and any(pattern.search(plain(text)) for text in texts_in(value))


def texts_in(value: Any) -> Iterator[str]:
    """Every text of a value, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_in(name)
            yield from texts_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts_in(inner)
