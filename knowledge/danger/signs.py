"""The signs of danger, as knowledge/data/danger/signs.toml has them. That file says how to read and edit it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from knowledge.danger.lexicon import Lexicon
from knowledge.danger.phrases import parse


@dataclass(frozen=True)
class Rule:
    """One sign: groups that must all occur within so many words of the first, with none of `unless` near it.
    Those of `who` may be among the words of the first. A `sure` one says plainly that somebody is in danger."""

    reason: str
    sure: bool
    who: tuple[str, ...]
    together: tuple[str, ...]
    within: int
    unless: tuple[str, ...]
    unless_within: int
    calmed_by: tuple[str, ...]


@dataclass(frozen=True)
class Calm:
    """Words that calm a sign so near to them; `sentence`: only in the same one; `final`: whatever goes on."""

    within: int
    sentence: bool
    final: bool


@dataclass(frozen=True)
class Signs:
    """All that signs.toml says."""

    lexicon: Lexicon
    rules: tuple[Rule, ...]
    calms: Mapping[str, Calm]


@cache
def signs_of_danger() -> Signs:
    """signs.toml, read once."""
    data = tomllib.loads(files("knowledge").joinpath("data", "danger", "signs.toml").read_text(encoding="utf-8"))
    groups: dict[str, list[str]] = {**data["groups"]}
    calms = {
        f"calm {name}": Calm(c["within"], c.get("sentence", False), c.get("final", False))
        for name, c in data["calm"].items()
    }
    groups |= {f"calm {name}": calm["says"] for name, calm in data["calm"].items()}
    rules = []
    for number, row in enumerate(data["danger"]):
        together = list(row.get("together", ()))
        if "says" in row:
            groups[f"sign {number}"] = row["says"]
            together.insert(0, f"sign {number}")
        rules.append(_rule(row, tuple(together), tuple(calms)))
    spellings = data["spellings"]
    parsed = {name: tuple(parse(phrase, spellings) for phrase in phrases) for name, phrases in groups.items()}
    return Signs(Lexicon(parsed, spellings), tuple(rules), calms)


def _rule(row: Mapping[str, Any], together: tuple[str, ...], calms: tuple[str, ...]) -> Rule:
    calmed_by = tuple(f"calm {name}" for name in row["calmed_by"]) if "calmed_by" in row else calms
    return Rule(
        row["reason"],
        row.get("sure", False),
        tuple(row.get("who", ())),
        together,
        row.get("within", 25),
        tuple(row.get("unless", ())),
        row.get("unless_within", 10),
        calmed_by,
    )
