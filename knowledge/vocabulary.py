"""What people say for what the papers say, ready for looking up in a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from knowledge.pack import Group, Saying
from knowledge.text import STOPWORDS, Word, words

_LONGEST = 6
"""Words in the longest saying that is looked for."""


_MEANT = 0.75
"""What a match of a meaning counts beside a match of the word itself."""
_SAME = 0.35
"""What a match of a word that means the same counts."""


class Meaning(NamedTuple):
    """What a saying may stand for: all of these stems. `share` of a full match."""

    stems: tuple[str, ...]
    share: float


@dataclass
class Vocabulary:
    """Sayings by the stems they are made of."""

    _meanings: dict[tuple[str, ...], list[Meaning]] = field(default_factory=lambda: defaultdict(list))
    _senses: dict[str, list[Saying]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, sayings: Iterable[Saying], groups: Iterable[Group] = ()) -> Vocabulary:
        """The vocabulary of a pack: its sayings, and its groups of words that mean the same."""
        made = cls()
        for saying in sayings:
            if saying.kind == "sense":
                made._senses[_key(saying.say)[0]].append(saying)
            for meaning in saying.means:
                made._add(saying.say, meaning, _MEANT)
                if saying.kind == "abbreviation":
                    made._add(meaning, saying.say, _MEANT)
        for group in groups:
            for said in (*group.words, *group.asking):
                for word in group.words:
                    made._add(said, word, _SAME)
        return made

    def _add(self, say: str, meaning: str, share: float) -> None:
        key, value = _key(say), _bare(meaning)
        if key and value and key != value and value not in (held.stems for held in self._meanings[key]):
            self._meanings[key].append(Meaning(value, share))

    def found_in(self, asked: Sequence[Word]) -> list[tuple[int, int, list[Meaning]]]:
        """Each saying in these words: where it begins and ends among them, and what it may mean."""
        found = []
        for start in range(len(asked)):
            for length in range(min(_LONGEST, len(asked) - start), 0, -1):
                key = tuple(word.stem for word in asked[start : start + length])
                if self._meanings.get(key):
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
