"""What people may do here and what to try first, by what they are to the desk: data, `data/examples.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import Field

from knowledge.models import Noun, Role

CHANNEL = "channel"
"""The kind for what is asked where others read along."""


class Example(Noun):
    """Something to try. `label`: a button's; `say`: what it asks."""

    label: str = Field(min_length=1, max_length=75)
    say: str = Field(min_length=1, max_length=300)


class Kind(Noun):
    """What people are to the desk, and what for. `title`: above what is suggested; `does`: what they may do; `try_`:
    what to try, the best first."""

    name: str
    roles: frozenset[Role]
    title: str
    does: tuple[str, ...]
    try_: tuple[Example, ...] = Field(min_length=3)


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind there is, in the order in which they stand in the data."""
    text = files("knowledge").joinpath("data", "examples.toml").read_text(encoding="utf-8")
    return tuple(
        Kind(name=name, roles=frozenset(one["roles"]), title=one["title"], does=tuple(one["does"]),
             try_=tuple(Example(**each) for each in one["try"]))
        for name, one in tomllib.loads(text).items()
    )  # fmt: skip


def kinds_of(roles: frozenset[Role], *, public: bool = False) -> tuple[Kind, ...]:
    """What somebody with these roles is: one kind or several, and of whoever is on the people list not a provider."""
    if public:
        return tuple(one for one in kinds() if one.name == CHANNEL)
    listed = roles - {Role.PROVIDER}
    return tuple(one for one in kinds() if one.roles & (listed or {Role.PROVIDER}))
