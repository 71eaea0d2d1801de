"""What the work is about that somebody wants to hear of: kinds of service, codes, and else words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

from knowledge.register.finding.kinds import telling
from knowledge.register.reader import RegisterReader
from knowledge.services import Service
from knowledge.subscriptions.understanding.phrases import pairs, said, trades
from knowledge.text import STOPWORDS, Word, stems, words
from knowledge.timeline.asking.matching import Matcher
from knowledge.timeline.asking.nouns import About

_PLAIN = 0.75
"""From here on words speak plainly of a kind of service."""
_BESIDE = 0.9
"""How near to the best another kind must come to be meant too."""
_LONGEST = 6
_WORDS = 4
"""Words of the longest expression that can be looked for: all of them have to stand in an intention."""
_TELLS = 3.5
"""What a single word must tell of a kind of service to speak of it by itself."""
_APART = re.compile(r"[,;:.!?()\n]+(?!\d)|\s(?:and|or|plus|as well as)\s|\s?[&/+]\s?|\x1f+", re.IGNORECASE)


@dataclass(frozen=True)
class Subjects:
    """What the work is about, any of it. `left`: words that could not be taken."""

    words: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def __add__(self, other: Subjects) -> Subjects:
        return Subjects(
            tuple(dict.fromkeys((*self.words, *other.words))), tuple(dict.fromkeys((*self.services, *other.services))),
            tuple(dict.fromkeys((*self.cpv, *other.cpv))), tuple(dict.fromkeys((*self.left, *other.left))),
        )  # fmt: skip


def subjects_in(text: str, reader: RegisterReader, own: Collection[str] = ()) -> Subjects:
    """What a text is about that nothing else is to be read from."""
    found = Subjects()
    for part in parts_of(text, reader):
        found = found + of_part(part, reader, own)
    return found


def parts_of(text: str, reader: RegisterReader) -> Iterator[str]:
    """A text taken apart at its commas, and at "and" and "or" unless they stand in a name for one thing."""
    at = 0
    kept = [found.span() for found in pairs().finditer(text)] + list(_names_with_and(text, reader))
    for found in _APART.finditer(text):
        if any(start < found.start() < end for start, end in kept):
            continue
        yield text[at : found.start()]
        at = found.end()
    yield text[at:]


def _names_with_and(text: str, reader: RegisterReader) -> Iterator[tuple[int, int]]:
    low = text.casefold()
    for service in reader.kinds.services:
        for name in (service.name, *service.called):
            if (" and " in name or ", " in name) and (at := low.find(name.casefold())) >= 0:
                yield at, at + len(name)


def of_part(text: str, reader: RegisterReader, own: Collection[str] = ()) -> Subjects:
    """What one expression is about."""
    tokens = [one for one in words(text) if one.surface not in STOPWORDS and one.surface not in own]
    little = [_is_little(one) for one in tokens]
    found, taken = _named(tokens, little, reader)
    rest = [one for one, no, got in zip(tokens, little, taken, strict=True) if not (no or got)]
    if not rest:
        return found
    if any(taken) and not _changes(tokens, taken, little):
        return found
    return _by_words(text, tokens, little, reader)


def _named(tokens: Sequence[Word], little: Sequence[bool], reader: RegisterReader) -> tuple[Subjects, list[bool]]:
    """The longest names for kinds of work that stand in a text, and which of its words they are."""
    taken, found = [False] * len(tokens), Subjects()
    names = _names(reader)
    for length in range(min(_LONGEST, len(tokens)), 0, -1):
        for at in range(len(tokens) - length + 1):
            if any(taken[at : at + length]) or all(little[at : at + length]):
                continue
            if (one := names.get(frozenset(word.stem for word in tokens[at : at + length]))) is not None:
                found, taken[at : at + length] = found + one, [True] * length
    return found, taken


def _changes(tokens: Sequence[Word], taken: Sequence[bool], little: Sequence[bool]) -> bool:
    """Whether a word after a name for a kind of work makes something else of it: "home care software"."""
    last = max(at for at, got in enumerate(taken) if got)
    more = said("little")["audience"]
    after = [one for one, no in zip(tokens[last + 1 :], little[last + 1 :], strict=True) if not no]
    before = [one for one, no, got in zip(tokens[:last], little[:last], taken[:last], strict=True) if not (no or got)]
    strange = [one for one in (*after, *before) if not more.fullmatch(one.surface)]
    return bool(strange)


def _by_words(text: str, tokens: Sequence[Word], little: Sequence[bool], reader: RegisterReader) -> Subjects:
    """The kind of service words plainly speak of; else the words themselves."""
    rest = [one for one, no in zip(tokens, little, strict=True) if not no]
    matcher = Matcher(About(words=tuple(one.surface for one in rest)), reader)
    best = max(matcher.kinds.values(), default=0.0)
    if best >= _PLAIN:
        ours = [key for key, share in matcher.kinds.items() if share >= max(_PLAIN, best * _BESIDE)]
        return Subjects(services=tuple(ours[:3]))
    if len(rest) > _WORDS:
        return Subjects(left=tuple(one.surface for one in rest))
    return Subjects(words=(_phrase(text, rest),))


def _phrase(text: str, rest: Sequence[Word]) -> str:
    """The words from the first telling one to the last, as they were written."""
    return " ".join(text[rest[0].start : rest[-1].end].replace("\x1f", " ").split())


def _is_little(word: Word) -> bool:
    return bool(said("little")["words"].fullmatch(word.surface)) or word.surface.isdigit()


# --- names for kinds of work --------------------------------------------------------------------------------------


_names_held: WeakKeyDictionary[RegisterReader, dict[frozenset[str], Subjects]] = WeakKeyDictionary()


def _names(reader: RegisterReader) -> dict[frozenset[str], Subjects]:
    """What people call kinds of work, by telling words: our own list before the catalogue's."""
    if reader not in _names_held:
        _names_held[reader] = {**_of_catalogue(reader), **_of_trades(reader)}
    return _names_held[reader]


def _of_trades(reader: RegisterReader) -> dict[frozenset[str], Subjects]:
    services = reader.kinds.services
    found = {}
    for trade in trades():
        keys = [one.key for one in services if one.ours and one.group in trade.groups]
        keys += [key for key in trade.services if any(one.key == key for one in services)]
        about = Subjects(words=trade.words, services=tuple(keys), cpv=trade.cpv)
        for name in trade.said:
            found[frozenset(_stems(name))] = about
    return found


def _of_catalogue(reader: RegisterReader) -> dict[frozenset[str], Subjects]:
    found: dict[frozenset[str], Subjects] = {}
    for service in reader.kinds.services:
        for name in _called(service):
            key = frozenset(_stems(name))
            single = len(key) == 1 and reader.kinds.weight(next(iter(key))) < _TELLS
            if key and not single:
                found[key] = found.get(key, Subjects()) + Subjects(services=(service.key,))
    return {key: about for key, about in found.items() if len(about.services) <= 3}


def _called(service: Service) -> Iterator[str]:
    yield service.name
    yield from service.called
    yield from (one for one in re.split(r"[:(),]| and ", service.name) if one.strip())
    if service.ours:
        yield from (one for one in service.signs if " " in one)


@cache
def _stems(name: str) -> tuple[str, ...]:
    return tuple(telling(stems(name)))
