"""Names that other words introduce: "my constituent ...", "name: ...", "the ... family", "regards, ..."."""

from __future__ import annotations

from knowledge.personal.naming import Reading
from knowledge.personal.writing import Word


def introduced(said: Reading, place: int, word: Word) -> bool:
    """ "My constituent John Smith", "a widow called Elsie", "the resident (S. Whitby)"."""
    title = word.capital and word.key in said.known.titles
    if word.key not in said.known.people or title:
        return False
    name = place + 1
    while said.word(name).key in said.known.links and name < place + 3:
        name += 1
    if said.word(name - 1).key in said.known.called and said.word(name).joined and said.single(name):
        return True
    return said.word(name).gap.strip(" \t") in ("", ",", ":", "-", "(") and _person_at(said, name)


def _person_at(said: Reading, name: int) -> bool:
    """Whether what stands after "resident" and the like is their name."""
    word, after = said.word(name), said.word(name + 1)
    if said.initial(name):
        return after.close and after.capital and said.free(after)
    if said.forename(word) and said.of_places(after) and not said.of_places(said.word(name + 2)):
        return True
    return said.single(name) and (word.key in said.known.also_words or said.double(name))


def called(said: Reading, place: int, word: Word) -> bool:
    """ "Name: peter langley", "surname Quartermaine", "her name is Oyin"; not "the firm's name is"."""
    if word.key != "name" and word.key not in said.known.naming:
        return False
    before = {said.word(place - 1).key, said.word(place - 2).key}
    after = said.word(place + 1)
    linked = after.key in ("is", "was")
    name = place + 1 + linked
    if not before.isdisjoint(said.known.named_things) or not said.free(said.word(name)) or said.names_place(name):
        return False
    persons = word.key in said.known.naming or not before.isdisjoint(("family", "last", "first"))
    return linked or ":" in after.gap or (persons and after.joined)


def household(said: Reading, place: int, word: Word) -> bool:
    """ "The Ahmadi family", "the Okafors"."""
    if word.key == "family" and said.word(place - 2).key == "the":
        name = said.word(place - 1)
        return word.joined and said.free(name) and (name.capital or said.certain(name))
    name = said.word(place + 1)
    if word.key != "the" or not (name.joined and name.capital):
        return False
    return name.key.removesuffix("s") in said.known.surnames and not said.place_follows(place + 1)


def signed(said: Reading, place: int, word: Word) -> bool:
    """ "Regards, Grace" at the end of a message."""
    if word.key not in said.known.signing or said.word(place + 1).joined:
        return False
    name = place + 1
    while said.initial(name) and said.word(name + 1).close:
        name += 1
    return name >= len(said.words) - 2 and said.single(name)
