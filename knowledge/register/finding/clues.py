"""What a message says that may tell which contract it is about: kinds of service, names, a place, a reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from knowledge.gazetteer import Whereabouts
from knowledge.register.contract import key_of
from knowledge.register.finding.kinds import telling
from knowledge.register.finding.names import Said
from knowledge.register.finding.roads import trunk_road
from knowledge.register.reader import RegisterReader
from knowledge.services import Service
from knowledge.text import Word, stem, words

_REFERENCE = re.compile(r"\b[A-Za-z]{0,6}[-/]?\d[\w/.-]*\b|\b[A-Z]{2,6}(?:-[A-Z0-9]{1,6})+\b")
_MISSPELT = 84.0
"""How alike a misspelt word must be, of 100."""
_FAINT = 0.3
"""Kinds that score less of the best are not meant."""
_SURE = 0.75
"""From here on the words of a name are the name's, and speak of no kind of service."""
_MOST_KINDS = 10
_PLAIN = 14.0
"""A best score from which on a message speaks plainly of a kind of service."""
_NEAR = 1.2
"""What a kind counts that is near to one spoken of, times how alike they are."""
_FAINTEST = 0.08
_TRUNK = 0.6
"""What naming a trunk road counts for National Highways, of the best score."""


@dataclass(frozen=True)
class Clues:
    """What a message says. `stems`: its telling words; `kinds`: kinds of service by key, 1 for the best, those
    near to them among them; `sure`: how plainly it speaks of them, 0 to 1; `services`: those it speaks of itself with
    their scores, the best first; `termed`: how plainly a term for the best of them stands in it whole."""

    stems: tuple[str, ...]
    kinds: dict[str, float] = field(default_factory=dict)
    sure: float = 1.0
    services: tuple[tuple[Service, float], ...] = ()
    termed: float = 0.0
    names: tuple[Said, ...] = ()
    where: Whereabouts = field(default_factory=Whereabouts)
    references: tuple[str, ...] = ()

    def placed(self, where: Whereabouts) -> Clues:
        """The same clues, about another place."""
        return replace(self, where=where)


def read_clues(text: str, division: str, reader: RegisterReader) -> Clues:
    """The clues in a message from a Member of this division ("" where it is not known)."""
    where = reader.gazetteer.where(text, division)
    names = tuple(reader.names.find(text))
    said = [repaired(word, reader) for word in words(text)]
    taken = {token for mention in where.mentions for token in mention.name.split()}
    taken |= {token for name in names if name.sure >= _SURE for token in name.words.split()}
    spoken = [one for one, word in zip(said, words(text), strict=True) if _plain(word.surface) not in taken]
    services = _services(telling(spoken), reader, trunk_road(text))
    best = (services[0][1] if services else 0.0) or 1.0
    kinds = {service.key: (score / best) ** 2 for service, score in services}
    return Clues(
        stems=tuple(dict.fromkeys(telling(said))),
        kinds=_widened(kinds, reader),
        sure=min(1.0, best / _PLAIN),
        services=services,
        termed=_termed(services, spoken, reader),
        names=names,
        where=where,
        references=tuple(_references(text, reader)),
    )


def _services(said: Sequence[str], reader: RegisterReader, trunk: str) -> tuple[tuple[Service, float], ...]:
    """The kinds of service these stems speak of. On a trunk road those of National Highways come first."""
    found = reader.kinds.find(said)
    for number, service in enumerate(reader.kinds.services if trunk else ()):
        if service.body == "National Highways":
            found[number] = found.get(number, 0.0) + _TRUNK * max(found.values(), default=0.0)
    best = max(found.values(), default=0.0)
    top = sorted(found.items(), key=lambda item: -item[1])[:_MOST_KINDS]
    return tuple((reader.kinds.services[kind], score) for kind, score in top if score >= _FAINT * best)


def _termed(services: Sequence[tuple[Service, float]], spoken: Sequence[str], reader: RegisterReader) -> float:
    """How plainly a term for the likeliest kind of service stands in a message."""
    if not services:
        return 0.0
    told = reader.kinds.mentioned(set(spoken))
    return max((tells for kind, tells in told.items() if reader.kinds.services[kind] is services[0][0]), default=0.0)


def _widened(kinds: dict[str, float], reader: RegisterReader) -> dict[str, float]:
    """Kinds with those near to them: what is said of pavements may be under a contract for roads."""
    found = dict(kinds)
    for key, share in kinds.items():
        for near, alike in reader.kinds.near.get(key, {}).items():
            if share * alike * _NEAR > max(found.get(near, 0.0), _FAINTEST):
                found[near] = share * alike * _NEAR
    return found


def repaired(word: Word, reader: RegisterReader) -> str:
    """A word's stem; that of the word it was meant to be where it is misspelt."""
    meant = meant_word(word, reader)
    return stem(meant) if meant else word.stem


def meant_word(word: Word, reader: RegisterReader) -> str:
    """The word that a misspelt one was meant to be, "" where it is not misspelt or nobody can tell."""
    surface = _plain(word.surface)
    if len(surface) < 5 or surface in reader.ordinary or reader.kinds.knows(word.stem) or not surface.isalpha():
        return ""
    best = process.extractOne(
        surface, reader.spellings(surface[0], len(surface)), scorer=fuzz.ratio, score_cutoff=_MISSPELT
    )
    return str(best[0]) if best else ""


def _references(text: str, reader: RegisterReader) -> Iterable[str]:
    """References of contracts that stand in the text."""
    found = dict.fromkeys(key_of(match.group()) for match in _REFERENCE.finditer(text))
    return reader.held(list(found)) if found else []


def _plain(surface: str) -> str:
    return surface.replace("’", "").replace("'", "").lower()
