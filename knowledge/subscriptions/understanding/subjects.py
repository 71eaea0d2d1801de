"""What the work is about that somebody wants to hear of: kinds of service, codes, and else words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
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
_OPENING = 5
"""Letters that words of one family have in common."""
_TELLS = 3.5
"""What a single word must tell of a kind of service to speak of it by itself."""
_JOINT = re.compile(
    r"(?<!\w)(?:in|for|to|with|of|at|on|by|from|within|during|after|near|the|who|that)(?!\w)", re.IGNORECASE
)
_BRACKETS = re.compile(r"\s*\(.*?\)")
_APART = re.compile(r"[,;:.!?()\n]+(?!\d)|\s(?:and|or|plus|as well as)\s|\s?[&/+]\s?|\x1f+", re.IGNORECASE)


@dataclass(frozen=True)
class Subjects:
    """What the work is about, any of it. `left`: words that could not be taken; `faint`: it only says for whom, where
    something else is named beside it; `broad`: it is of many kinds, which another word tells apart."""

    words: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    faint: bool = False
    broad: bool = False

    def __add__(self, other: Subjects) -> Subjects:
        return Subjects(
            tuple(dict.fromkeys((*self.words, *other.words))), tuple(dict.fromkeys((*self.services, *other.services))),
            tuple(dict.fromkeys((*self.cpv, *other.cpv))), tuple(dict.fromkeys((*self.left, *other.left))),
        )  # fmt: skip


def subjects_in(text: str, reader: RegisterReader, own: Collection[str] = ()) -> Subjects:
    """What a text is about that nothing else is to be read from."""
    found, before = Subjects(), ""
    for part in parts_of(text, reader):
        found = found + (_shared(before, part, reader) or of_part(part, reader, own))
        before = part
    return found


def _shared(before: str, part: str, reader: RegisterReader) -> Subjects | None:
    """Of "domestic abuse refuges and outreach", what the second part is with the first one's opening words."""
    opening, rest = (_telling(one) for one in (before, part))
    if len(rest) != 1:
        return None
    several = ([*opening[:count], *rest] for count in range(len(opening) - 1, 0, -1))
    names = names_of_work(reader)
    return next((names[key] for key in (frozenset(one.stem for one in few) for few in several) if key in names), None)


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
        for name in (_BRACKETS.sub("", service.name), *service.called):
            if (" and " in name or ", " in name) and (at := low.find(name.casefold())) >= 0:
                yield at, at + len(name)


def of_part(text: str, reader: RegisterReader, own: Collection[str] = ()) -> Subjects:
    """What one expression is about."""
    tokens = _content(text, own)
    little = [_is_little(one) for one in tokens]
    named, taken = _named(tokens, little, reader)
    rest = [one for one, no, got in zip(tokens, little, taken, strict=True) if not (no or got)]
    if not any(taken) and all(said("little")["audience"].fullmatch(one.surface) for one in rest):
        return Subjects(left=tuple(one.surface for one in rest))
    if not rest or (any(taken) and not _changes(rest, named, reader)):
        return named
    spoken = [one for one, no in zip(tokens, little, strict=True) if not no]
    if any(taken) and not named.broad and not _is_head(text, tokens, taken, little):
        return named
    if len(spoken) > _WORDS:
        return replace(named, left=tuple(one.surface for one in rest))
    return (Subjects() if named.broad else named) + _by_words(text, spoken, reader)


def _is_head(text: str, tokens: Sequence[Word], taken: Sequence[bool], little: Sequence[bool]) -> bool:
    """Whether another word than the name for a kind of work is what an expression ends on: "home care software", and
    not "stop smoking in pregnancy"."""
    last = max(at for at, got in enumerate(taken) if got)
    after = [one for one, no in zip(tokens[last + 1 :], little[last + 1 :], strict=True) if not no]
    return bool(after) and not _JOINT.search(text[tokens[last].end : after[0].start])


def _content(text: str, own: Collection[str] = ()) -> list[Word]:
    bare = said("little")["phrases"].sub(lambda found: " " * len(found.group()), text)
    return [one for one in words(bare) if one.surface not in STOPWORDS and one.surface not in own]


def _telling(text: str) -> list[Word]:
    return [one for one in _content(text) if not _is_little(one)]


def _named(tokens: Sequence[Word], little: Sequence[bool], reader: RegisterReader) -> tuple[Subjects, list[bool]]:
    """The longest names for kinds of work that stand in a text, and which of its words they are."""
    taken, several = [False] * len(tokens), list[Subjects]()
    names = names_of_work(reader)
    for length in range(min(_LONGEST, len(tokens)), 0, -1):
        for at in range(len(tokens) - length + 1):
            if any(taken[at : at + length]) or all(little[at : at + length]):
                continue
            if (one := names.get(frozenset(word.stem for word in tokens[at : at + length]))) is not None:
                several.append(one)
                taken[at : at + length] = [True] * length
    firm = [one for one in several if not one.faint] or several
    return replace(sum(firm, Subjects()), broad=bool(firm) and all(one.broad for one in firm)), taken


def _changes(rest: Sequence[Word], named: Subjects, reader: RegisterReader) -> bool:
    """Whether there are words that these services do not go by: "home care software"."""
    more, known = said("little")["audience"], _vocabulary(named.services, reader)
    return any(not more.fullmatch(one.surface) and not _is_known(one.stem, known) for one in rest)


def _is_known(stem: str, known: frozenset[str]) -> bool:
    """A visitor is known where visiting is."""
    return stem in known or (len(stem) > _OPENING and any(one.startswith(stem[:_OPENING]) for one in known))


def _by_words(text: str, rest: Sequence[Word], reader: RegisterReader) -> Subjects:
    """The kind of service words plainly speak of; else the words themselves."""
    matcher = Matcher(About(words=tuple(one.surface for one in rest)), reader)
    best = max(matcher.kinds.values(), default=0.0)
    if best >= _PLAIN:
        near = [key for key, share in matcher.kinds.items() if share >= max(_PLAIN, best * _BESIDE)]
        ours = [key for key in near if not _changes(rest, Subjects(services=(key,)), reader)]
        if ours:
            return Subjects(services=tuple(ours[:3]))
    return Subjects(words=(_phrase(text, rest),))


def _phrase(text: str, rest: Sequence[Word]) -> str:
    """The words from the first telling one to the last, as they were written."""
    return " ".join(text[rest[0].start : rest[-1].end].replace("\x1f", " ").split())


def _is_little(word: Word) -> bool:
    return bool(said("little")["words"].fullmatch(word.surface)) or word.surface.isdigit()


# --- names for kinds of work --------------------------------------------------------------------------------------


_names_held: WeakKeyDictionary[RegisterReader, dict[frozenset[str], Subjects]] = WeakKeyDictionary()


def names_of_work(reader: RegisterReader) -> dict[frozenset[str], Subjects]:
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
        about = Subjects(words=trade.words, services=tuple(keys), cpv=trade.cpv, faint=trade.faint, broad=trade.broad)
        for name in trade.said:
            found[frozenset(_stems(name))] = about
    return found


def _of_catalogue(reader: RegisterReader) -> dict[frozenset[str], Subjects]:
    found: dict[frozenset[str], Subjects] = {}
    for service in reader.kinds.services:
        for name in _called(service):
            key = frozenset(_stems(name))
            single = len(key) == 1 and reader.kinds.weight(next(iter(key))) < _TELLS
            if key and not single and not said("little")["audience"].fullmatch(name.strip()):
                found[key] = found.get(key, Subjects()) + Subjects(services=(service.key,))
    return {key: about for key, about in found.items() if len(about.services) <= 3}


def _called(service: Service) -> Iterator[str]:
    yield from (service.name, _BRACKETS.sub("", service.name))
    yield from (one for one in service.called if service.ours or " " in one)
    yield from (one for one in re.split(r"[:(),]| and ", service.name) if service.ours or " " in one.strip())
    if service.ours:
        yield from (one for one in service.signs if " " in one)


@cache
def _stems(name: str) -> tuple[str, ...]:
    return tuple(telling(stems(name)))


def _vocabulary(keys: Collection[str], reader: RegisterReader) -> frozenset[str]:
    """The words that services go by."""
    several = (one for one in reader.kinds.services if one.key in keys)
    return frozenset(one for service in several for one in _words_of(service))


@cache
def _words_of(service: Service) -> frozenset[str]:
    return frozenset(one for name in (service.name, *service.called, *service.signs) for one in _stems(name))
