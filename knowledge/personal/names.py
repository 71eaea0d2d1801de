"""Names of people in a message, not of roads, schools, firms and councillors: the ways in which people name people."""

from __future__ import annotations

import re

from knowledge.personal.introducing import called, household, introduced, signed
from knowledge.personal.known_names import known_names
from knowledge.personal.naming import Reading
from knowledge.personal.writing import Word, written_words

_AGE = re.compile(r"(?:, ?| ?\(|, aged |,? age )[1-9]\d?(?:,|\)|\.| yrs?| years)")
_NUMBER = re.compile(r"(?:no|number)\b|\w*\W*\d")
"""Of the word after "at" and what stands before it: a house's number."""


def names_somebody(written: str) -> bool:
    """Whether a plain text names a person who does not speak for the public."""
    said = Reading(written_words(written), known_names())
    public = -1
    for place, word in enumerate(said.words):
        if word.key in said.known.public:
            public = _after_public(said, place)
        if place > public and any(way(said, place, word) for way in _WAYS):
            return True
    return False


def _after_public(said: Reading, place: int) -> int:
    """The last word of the name of a councillor."""
    last = place
    while last < place + 4:
        word = said.word(last + 1)
        named = word.capital or said.certain(word) or word.key == "and" or word.key in said.known.titles
        if not (word.close and named):
            break
        last += 1
    return last


def _titled(said: Reading, place: int, title: Word) -> bool:
    """ "Mrs Okafor", "Mr. D Ashdown", "Dr Rahman", "Mr P"; not "Dr Johnson Avenue", "Miss Monday's"."""
    sure = title.key in said.known.sure_titles
    if not sure and title.key not in said.known.titles:
        return False
    name = place + 1
    while len(said.word(name).key) == 1 and said.word(name + 1).key and name < place + 4:
        name += 1
    word = said.word(name)
    if not word.close or word.key in said.known.not_names or said.no_person(place):
        return sure and said.word(place + 1).close and said.initial(place + 1)
    if sure:
        return word.capital or not said.of_places(word)
    return said.free(word) and (word.capital or said.certain(word)) and not said.names_place(name)


def _by_forename(said: Reading, place: int, word: Word) -> bool:
    """ "Karen rang", "Oluwadamilare Adebayo", "Bill Smith"; not "Florence Road", "will", "St John's"."""
    after = said.word(place + 1)
    if said.forename(word) and after.joined and after.capital and said.word(place + 2).key in said.known.does:
        return True
    if said.names_place(place) or said.no_person(place):
        return False
    capitals = after.joined and after.capital
    if said.forename(word):
        return capitals or said.word(place - 1).key not in said.known.towns
    if not word.capital:
        return False
    if capitals and after.key in said.known.surnames and said.free(word):
        return True
    return word.key in said.known.also_words and capitals and (said.family(after) or (word.joined and said.free(after)))


def _endeared(said: Reading, place: int, word: Word) -> bool:
    """ "Her son Tomos", "young Kieron", "Aunty Win", "let Siwan know"; not "Little Stour"."""
    before, known = said.word(place - 1), said.known
    if not word.joined or not said.single(place) or said.no_person(place):
        return False
    if before.key in known.endearing or (not before.capital and before.key in known.kin | known.fond):
        return True
    return before.key == "let" and said.word(place + 1).key == "know"


def _with_initial(said: Reading, place: int, word: Word) -> bool:
    """ "A claim by A. Popescu"."""
    after = said.word(place + 1)
    if not said.initial(place) or not after.gap.startswith(".") or not after.close or not after.capital:
        return False
    named = said.family(after) or (said.word(place - 1).key in said.known.by and said.free(after))
    return named and not said.names_place(place + 1)


def _by_age_or_house(said: Reading, place: int, word: Word) -> bool:
    """ "Beryl, aged 92", "Albert (91)", "George at no. 40", "Violet Harnett, 93,"."""
    after, third = said.word(place + 1), said.word(place + 2)
    also = word.key in said.known.also_words
    aged = after.key in said.known.aged or (also and _AGE.match(after.gap))
    housed = also and after.key in ("at", "of") and _NUMBER.match(third.key + third.gap)
    if aged or housed:
        return said.single(place)
    return bool(_AGE.match(third.gap) or third.key in said.known.aged) and said.double(place)


def _two_capitals(said: Reading, place: int, word: Word) -> bool:
    """ "Chidera Nnadi rang", "spoke to Chidera Nnadi", "thank Chidera Nnadi"; not "in West Malling"."""
    before, third, known = said.word(place - 1), said.word(place + 2), said.known
    earlier = [said.word(place - back).key for back in (3, 2, 1)]
    told = third.joined and third.key in known.does | known.kin
    heard = any(tuple(earlier[first:]) in known.heard_from for first in range(3))
    stands_free = not word.joined or not (before.capital or before.key in known.before_places)
    return (told or heard or stands_free) and said.double(place)


_WAYS = (
    _titled,
    _by_forename,
    _endeared,
    introduced,
    called,
    household,
    signed,
    _with_initial,
    _by_age_or_house,
    _two_capitals,
)
