"""The words names are known by: knowledge/data/personal/names.toml, which says what each list is for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Words = frozenset[str]


@dataclass(frozen=True)
class KnownNames:
    """The lists of names.toml. All words are in small letters, without accents or apostrophes."""

    sure_titles: Words
    titles: Words
    public: Words
    not_before: Words
    places: Words
    not_names: Words
    people: Words
    kin: Words
    endearing: Words
    fond: Words
    before_places: Words
    naming: Words
    named_things: Words
    links: Words
    called: Words
    signing: Words
    by: Words
    towns: Words
    aged: Words
    offices: Words
    does: Words
    forenames: Words
    also_words: Words
    surnames: Words
    surnames_also_words: Words
    not_people: frozenset[tuple[str, ...]]
    heard_from: frozenset[tuple[str, ...]]


@cache
def known_names() -> KnownNames:
    """names.toml, read once."""
    text = files("knowledge").joinpath("data", "personal", "names.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    words = {name: frozenset(said.split()) for name, said in data.items() if isinstance(said, str)}
    phrases = {
        name: frozenset(tuple(one.split()) for one in said) for name, said in data.items() if isinstance(said, list)
    }
    return KnownNames(**words, **phrases)  # type: ignore[arg-type]
