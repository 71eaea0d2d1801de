"""What people call kinds of work: our own list of trades, and the catalogue's names for services."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

from knowledge.register.finding.kinds import telling
from knowledge.register.reader import RegisterReader
from knowledge.services import Service
from knowledge.subscriptions.understanding.phrases import said, trades, written_out
from knowledge.text import stems

BRACKETS = re.compile(r"\s*\(.*?\)")
_TELLS = 3.5
"""What a single word must tell of a kind of service to speak of it by itself."""
_MOST = 3
"""Services that one name may mean; a name of more means none of them."""


@dataclass(frozen=True)
class Subjects:
    """What the work is about, any of it. `left`: words that could not be taken; `faint`: it only says for whom, where
    something else is named beside it; `broad`: it is of many kinds, which another word tells apart;
    `short`: it is named by single words."""

    words: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    faint: bool = False
    broad: bool = False
    short: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.services or self.cpv)

    def __add__(self, other: Subjects) -> Subjects:
        return Subjects(
            tuple(dict.fromkeys((*self.words, *other.words))), tuple(dict.fromkeys((*self.services, *other.services))),
            tuple(dict.fromkeys((*self.cpv, *other.cpv))), tuple(dict.fromkeys((*self.left, *other.left))),
        )  # fmt: skip


class Names:
    """Names for kinds of work, by their telling words in order; in another order, where that is no other name."""

    def __init__(self, names: dict[tuple[str, ...], Subjects]) -> None:
        self._names, several = names, defaultdict[frozenset[str], list[Subjects]](list)
        for name, about in names.items():
            several[frozenset(name)].append(about)
        self._whatever_order = {name: found[0] for name, found in several.items() if len(found) == 1}

    def get(self, name: tuple[str, ...]) -> Subjects | None:
        """What a name means, None for none."""
        found = self._names.get(name)
        return found if found is not None else self._whatever_order.get(frozenset(name))


_held: WeakKeyDictionary[RegisterReader, Names] = WeakKeyDictionary()


def names_of_work(reader: RegisterReader) -> Names:
    """What people call kinds of work: our own list before the catalogue's."""
    if reader not in _held:
        _held[reader] = Names({**_of_catalogue(reader), **_of_trades(reader)})
    return _held[reader]


def _of_trades(reader: RegisterReader) -> dict[tuple[str, ...], Subjects]:
    services = reader.kinds.services
    found: dict[tuple[str, ...], Subjects] = {}
    for trade in trades():
        keys = [one.key for one in services if one.ours and one.group in trade.groups]
        keys += [key for key in trade.services if any(one.key == key for one in services)]
        about = Subjects(
            words=trade.words, services=tuple(keys), cpv=trade.cpv, faint=trade.faint, broad=trade.broad
        )  # fmt: skip
        for name in trade.said:  # sentences are written out before they are read, but for what stands in small letters
            found |= {_stems(name): about, _stems(written_out(name)): about}
    return found


def _of_catalogue(reader: RegisterReader) -> dict[tuple[str, ...], Subjects]:
    found: dict[tuple[str, ...], Subjects] = {}
    for service in reader.kinds.services:
        for name in _called(service):
            key = _stems(name)
            faint = len(key) == 1 and reader.kinds.weight(key[0]) < _TELLS
            if key and not faint and not said("little")["audience"].fullmatch(name.strip()):
                found[key] = found.get(key, Subjects()) + Subjects(services=(service.key,))
    return {key: about for key, about in found.items() if len(about.services) <= (_MOST if len(key) > 1 else 1)}


def _called(service: Service) -> Iterator[str]:
    """Of services that are others', and of signs, no single words: they are said of much else."""
    yield from (service.name, BRACKETS.sub("", service.name))
    yield from (one for one in service.called if service.ours or " " in one)
    parts = re.split(r"[:(),]| and ", service.name)
    yield from (one for one in parts if service.ours or " " in one.strip())
    if service.ours:
        yield from (one for one in service.signs if " " in one)


@cache
def words_of(service: Service) -> frozenset[str]:
    """The telling words that a service goes by."""
    return frozenset(one for name in (service.name, *service.called, *service.signs) for one in _stems(name))


@cache
def _stems(name: str) -> tuple[str, ...]:
    return tuple(telling(stems(name)))
