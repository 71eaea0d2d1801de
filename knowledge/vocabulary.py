"""What people say for what the papers say, ready for looking up in a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.pack import Saying
from knowledge.text import STOPWORDS, Word, words

_LONGEST = 6
"""Words in the longest saying that is looked for."""


@dataclass
class Vocabulary:
    """Sayings by the stems they are made of."""

    _meanings: dict[tuple[str, ...], list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))
    _senses: dict[str, list[Saying]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, sayings: Iterable[Saying]) -> Vocabulary:
        """The vocabulary of a pack."""
        made = cls()
        for saying in sayings:
            if saying.kind == "sense":
                made._senses[_key(saying.say)[0]].append(saying)
            for meaning in saying.means:
                made._add(saying.say, meaning)
                if saying.kind == "abbreviation":
                    made._add(meaning, saying.say)
        return made

    def _add(self, say: str, meaning: str) -> None:
        key, value = _key(say), _bare(meaning)
        if key and value and key != value:
            self._meanings[key].append(value)

    def found_in(self, asked: Sequence[Word]) -> list[tuple[int, int, list[tuple[str, ...]]]]:
        """Each saying in these words: where it begins and ends among them, and what it means, as stems."""
        found = []
        for start in range(len(asked)):
            for length in range(min(_LONGEST, len(asked) - start), 0, -1):
                key = tuple(word.stem for word in asked[start : start + length])
                if key in self._meanings:
                    found.append((start, start + length, self._meanings[key]))
        return found

    def senses(self, stem: str) -> list[Saying]:
        """The several things an abbreviation can stand for, where it can stand for several."""
        senses = self._senses.get(stem, [])
        return senses if len(senses) > 1 else []


def _key(text: str) -> tuple[str, ...]:
    return tuple(word.stem for word in words(text))


def _bare(text: str) -> tuple[str, ...]:
    found = tuple(words(text))
    kept = tuple(word.stem for word in found if word.surface not in STOPWORDS)
    return kept or tuple(word.stem for word in found)
