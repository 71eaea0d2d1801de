"""Service levels: how fast a concern must move, at what hours, and who gets it first.

`knowledge/data/service_levels.toml` ships with the desk and says how such a file is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from knowledge.models import Noun
from knowledge.services import Catalogue, catalogue
from knowledge.workdays import ANY_HOUR, Hours, Span

STANDARD = "standard"
_OFFICE, _WEEK = Hours(), Span(5)
First = Literal["manager", "safeguarding"]
_SPAN = re.compile(r"(?P<number>\d{1,3}(?:\.\d+)?) (?P<unit>working day|day|hour)s?")
_HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)( every day)?")


OWN = Path(str(files("knowledge").joinpath("data", "service_levels.toml")))
"""The levels that ship with the desk."""


class LevelError(Exception):
    """A file of service levels that cannot be used. Its text names the file, the level and the reason."""


@dataclass(frozen=True)
class Level:
    """How fast a kind of concern must move. Where its hours are of every day, its days are calendar days."""

    name: str
    acknowledge: Span
    answer: Span
    hours: Hours = _OFFICE
    first: First = "manager"
    provider_answer: Span = _WEEK
    text_in_slack: bool = False
    services: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    at_risk: bool = False


@dataclass(frozen=True)
class Levels:
    """The levels of a file in its order, and the catalogue whose services they name."""

    all: tuple[Level, ...]
    catalogue: Catalogue

    def of(self, service_key: str, at_risk: bool = False) -> Level:
        """The level of a concern: of somebody at risk, else the one naming its service, its group, else standard."""
        group = groups_of(self.catalogue).get(service_key)
        fits = [level for level in self.all if at_risk and level.at_risk]
        fits += [level for level in self.all if service_key in level.services]
        fits += [level for level in self.all if group in level.groups]
        return fits[0] if fits else self.named(STANDARD)

    def named(self, name: str) -> Level:
        """The level of that name; standard where the file has none of that name any more."""
        by_name = {level.name: level for level in self.all}
        return by_name.get(name, by_name[STANDARD])


@cache
def groups_of(services: Catalogue) -> Mapping[str, str]:
    """The group of each service of a catalogue, by its key."""
    return {service.key: service.group for service in services.services}


class _Written(Noun, strict=True):
    """A level as a file has it."""

    name: str
    acknowledge: str
    answer: str
    hours: str = "09:00-17:00"
    first: First = "manager"
    provider_answer: str | None = None
    text_in_slack: bool = False
    services: list[str] = Field(default=[])
    groups: list[str] = Field(default=[])
    at_risk: bool = False


def load_levels(path: Path | None = None, services: Catalogue | None = None) -> Levels:
    """The levels of a file, of the desk's own unless one is given. Raises LevelError, and CatalogueError. What ships is
    known to name what the catalogue has, which is not read for that: it takes longer than answering a question."""
    services = services or catalogue()
    groups = groups_of(services) if path else None
    path = path or OWN
    levels: list[Level] = []
    for number, entry in enumerate(_entries(path), start=1):
        try:
            levels.append(_checked(_level(_Written.model_validate(entry)), levels, groups))
        except ValueError as error:
            raise LevelError(f"{path.name}, {entry.get('name') or f'level {number}'}: {_reason(error)}") from None
    if not any(level.name == STANDARD for level in levels):
        raise LevelError(f'{path.name}: no level is named "{STANDARD}"')
    if not any(level.at_risk for level in levels):
        raise LevelError(f"{path.name}: no level has at_risk = true, for somebody at risk now")
    return Levels(tuple(levels), services)


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise LevelError(f"{path.name}: {error}") from None
    levels = told.pop("level", [])
    if told or not isinstance(levels, list) or not all(isinstance(level, dict) for level in levels):
        raise LevelError(f"{path.name}: {', '.join(told) or 'level'}: everything stands under a [[level]]")
    return levels


def _level(told: _Written) -> Level:
    hours = _hours(told.hours)
    return Level(
        told.name,
        _span("acknowledge", told.acknowledge, hours),
        _span("answer", told.answer, hours),
        hours,
        told.first,
        _WEEK if told.provider_answer is None else _span("provider_answer", told.provider_answer, hours),
        told.text_in_slack,
        frozenset(told.services),
        frozenset(told.groups),
        told.at_risk,
    )


def _hours(text: str) -> Hours:
    if text == "any":
        return ANY_HOUR
    if not (match := _HOURS.fullmatch(text)):
        raise ValueError(f'hours: "{text}" is not like "09:00-17:00", "08:00-20:00 every day" or "any"')
    closes = "00:00" if match[2] == "24:00" else match[2]
    return Hours(time.fromisoformat(match[1]), time.fromisoformat(closes), bool(match[3]))


def _span(key: str, text: str, hours: Hours) -> Span:
    match = _SPAN.fullmatch(text)
    day = "day" if hours.every_day else "working day"
    if not match or match["unit"] not in (day, "hour") or (match["unit"] == day and "." in match["number"]):
        raise ValueError(f'{key}: "{text}" is not like "1 {day}", "10 {day}s" or "1.5 hours"')
    number = float(match["number"])
    if not number:
        raise ValueError(f'{key}: "{text}" is no time at all')
    return Span(hours=number) if match["unit"] == "hour" else Span(int(number))


def _checked(level: Level, before: list[Level], groups: Mapping[str, str] | None) -> Level:
    """A level that can stand beside those before it. Raises ValueError with the reason."""
    named, always = level.services | level.groups, level.name == STANDARD or level.at_risk
    unknown = _unknown(level, groups) if groups is not None else []
    if unknown:
        raise ValueError(f"the catalogue has no {unknown[0]}")
    if level.name == STANDARD and level.at_risk:
        raise ValueError("the standard level is not the one for somebody at risk")
    if always == bool(named):
        raise ValueError("it is for every service and names none" if always else "it names no service and no group")
    if level.text_in_slack and always:
        raise ValueError("text_in_slack is for a level that names its services")
    for other in before:
        if level.name == other.name or (level.at_risk and other.at_risk):
            raise ValueError(f"there are two, {other.name} before it")
        if twice := sorted((level.services & other.services) | (level.groups & other.groups)):
            raise ValueError(f"{twice[0]} has the level {other.name} already")
    return level


def _unknown(level: Level, groups: Mapping[str, str]) -> list[str]:
    return sorted((level.services - groups.keys()) | (level.groups - set(groups.values())))


def _reason(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    plain = {"extra_forbidden": f"unknown key {where}", "missing": f"{where} is lacking"}
    return plain.get(first["type"], f"{where}: {first['msg']}")
