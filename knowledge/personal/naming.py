"""What a word of a message can be: somebody's name, a place's, or hardly a name at all. The lists are names.toml's."""

from __future__ import annotations

from functools import cache

from knowledge.personal.known_names import KnownNames
from knowledge.personal.writing import NOTHING, Word

_LOOKED_AT = 4
"""Words after a name among which one may say that it is a place's."""


class Reading:
    """The words of a message and what each could be. A place before the first or after the last holds nothing."""

    def __init__(self, words: list[Word], known: KnownNames) -> None:
        self.words, self.known = words, known

    def word(self, place: int) -> Word:
        """The word at a place."""
        return self.words[place] if 0 <= place < len(self.words) else NOTHING

    def certain(self, word: Word) -> bool:
        """Whether it is a name and hardly anything else."""
        return any(part in self.known.forenames or part in self.known.surnames for part in word.key.split("-"))

    def forename(self, word: Word) -> bool:
        """Whether it is a forename and hardly anything else."""
        return any(part in self.known.forenames for part in word.key.split("-"))

    def family(self, word: Word) -> bool:
        """Whether it is a family name, though it may be an ordinary word too."""
        parts = word.key.split("-")
        return any(part in self.known.surnames or part in self.known.surnames_also_words for part in parts)

    def free(self, word: Word) -> bool:
        """Whether it could be a name at all."""
        return len(word.key) > 1 and word.key not in self.known.not_names and not self.of_places(word)

    def of_places(self, word: Word) -> bool:
        """Whether it is a word of places and bodies: "road", "school"."""
        return _is_place(word.key, self.known)

    def initial(self, place: int) -> bool:
        """Whether one letter stands there, a capital."""
        return len(self.word(place).key) == 1 and self.word(place).capital

    def single(self, place: int) -> bool:
        """Whether one word with a capital stands here that is no place's."""
        word = self.word(place)
        return word.capital and self.free(word) and not self.names_place(place)

    def double(self, place: int) -> bool:
        """Whether two words with capitals stand here that are no place's."""
        after = self.word(place + 1)
        return after.capital and after.joined and self.free(after) and self.single(place)

    def names_place(self, place: int) -> bool:
        """Whether a name here is a road's, a building's or a body's: such a word follows, or a saint goes before."""
        saint = self.word(place - 1).key in self.known.not_before and self.word(place).close
        return saint or self.place_follows(place)

    def place_follows(self, place: int) -> bool:
        """Whether a word of places follows, at once or after more of the name."""
        for after in range(place + 1, place + _LOOKED_AT):
            word = self.word(after)
            if not word.joined:
                return False
            if self.of_places(word):
                return True
            if not word.capital and not self.certain(word):
                return False
        return False

    def no_person(self, place: int) -> bool:
        """Whether two words here are known to be a shop, a firm, a saying."""
        return (self.word(place).key, self.word(place + 1).key) in self.known.not_people


@cache
def _places(known: KnownNames) -> frozenset[str]:
    return known.places | {f"{word}s" for word in known.places}


def _is_place(key: str, known: KnownNames) -> bool:
    return key in _places(known) or key.removesuffix("s") in known.places
