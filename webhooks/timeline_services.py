"""The catalogue's services as one chooses by them: a group first, and the kinds within it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from knowledge.services import Catalogue, Service

NO_GROUP = "Other services"
"""Where an intention stands whose service nobody can tell."""


class Group(NamedTuple):
    """A part of the council's work, and the kinds of service in it."""

    slug: str
    name: str
    kinds: tuple[Service, ...]


def slug_of(name: str) -> str:
    """A name as it stands in addresses: "Adult social care" -> "adult-social-care"."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def groups_of(found: Catalogue) -> tuple[Group, ...]:
    """The groups of a catalogue, by name."""
    return _groups(found.services)


@lru_cache(maxsize=4)
def _groups(services: tuple[Service, ...]) -> tuple[Group, ...]:
    names = sorted({service.group for service in services})
    return tuple(Group(slug_of(name), name, tuple(one for one in services if one.group == name)) for name in names)


def kinds_of_slug(found: Catalogue, slug: str) -> frozenset[str]:
    """The kinds of service an address names: those of a group, or one. Empty for what is neither."""
    for group in groups_of(found):
        if group.slug == slug:
            return frozenset(kind.key for kind in group.kinds)
    return frozenset(service.key for service in found.services if service.key == slug)


def group_of(found: Catalogue, kinds: Iterable[str]) -> Group | None:
    """The group of the first of these kinds that is in the catalogue."""
    groups = {kind.key: group for group in groups_of(found) for kind in group.kinds}
    return next((groups[kind] for kind in kinds if kind in groups), None)
