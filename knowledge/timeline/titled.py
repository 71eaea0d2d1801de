"""The kinds of service that titles name: of an intention and of its lots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from knowledge.register.finding.kinds import telling
from knowledge.services import Catalogue, Service, catalogue
from knowledge.text import stems

_APART = re.compile(r"[,;:()/&+\u2013\u2014]|\s-\s|\band\b|\bwith\b|\bincluding\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\(.*?\)")
_LITTLE = frozenset(stems("services provision contract framework review award tender new works scheme"))
"""What stands beside a name and names nothing."""


def titled(titles: Iterable[str], known: Catalogue) -> frozenset[str]:
    """The keys of the council's services of which a part of a title is the name: "school nursing" of "Health visiting
    and school nursing", "Bridges" of a lot. A single word is one only where it is the whole part."""
    names = _names(known.fingerprint)
    several = {_name(part) for title in titles for part in (title, *_APART.split(title))}
    return frozenset(key for name in several for key in names.get(name, ()))


@cache
def _names(fingerprint: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The names of the council's services, with the keys of those that go by them. A name of several is none, but for
    two of one word."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for service in filter(lambda service: service.ours, catalogue().services):
        for name in _called(service):
            found.setdefault(name, {})[service.key] = None
    return {name: tuple(keys) for name, keys in found.items() if len(keys) <= (2 if len(name) == 1 else 1)}


def _called(service: Service) -> Iterator[tuple[str, ...]]:
    """What a service goes by. Single words say much else, but for the one that its name begins with: "Bridges"."""
    bare = _BRACKETS.sub("", service.name)
    parts = _APART.split(bare)
    yield from (name for name in map(_name, (service.name, bare, *parts, *service.called)) if len(name) > 1)
    if len(parts[0].split()) == 1:
        yield _name(parts[0])


def _name(text: str) -> tuple[str, ...]:
    return tuple(stem for stem in telling(stems(text)) if stem not in _LITTLE)
