"""The columns of the desk's own template, and the headings near enough to be meant. The table is
`knowledge/data/timeline/template.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files

from pydantic import Field
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.models import Noun
from knowledge.register.reading.headings import words_of

_HIGH_BAR = 88
_LONGEST = 120


class Column(Noun):
    """A column. `field`: of Terms, or "reference", "reason", "notices", and "value" for a band in one cell; `also`:
    other headings for it; `choices`: the words its cells may hold; `shown`: whether the template has it."""

    field: str
    heading: str
    also: tuple[str, ...] = ()
    help: str
    width: int = 16
    choices: tuple[str, ...] = ()
    needed: bool = False
    shown: bool = True


class Template(Noun):
    """The template. `example`: invented rows, by field; `words`: other words for a choice, by field."""

    column: tuple[Column, ...]
    example: tuple[dict[str, str], ...]
    words: dict[str, dict[str, str]] = Field(default_factory=dict)

    def of(self, name: str) -> Column | None:
        """The column of a field, None where no column is for it alone."""
        return next((one for one in self.column if one.field == name), None)


@cache
def load_template() -> Template:
    """The template as the desk ships it."""
    text = files("knowledge").joinpath("data", "timeline", "template.toml").read_text(encoding="utf-8")
    return Template.model_validate(tomllib.loads(text))


@cache
def _by_words() -> dict[str, Column]:
    return {words_of(name): one for one in load_template().column for name in (one.heading, *one.also)}


@lru_cache(maxsize=10_000)
def fit(heading: str) -> tuple[Column, ...]:
    """The columns a heading may mean: one as a rule, none for a stranger, several where it is as near to each."""
    if not heading or len(heading) > _LONGEST:
        return ()
    known = _by_words()
    for words in (words_of(heading), words_of(re.sub(r"[(\[{].*?[)\]}]", " ", heading))):
        if words in known:
            return (known[words],)
    return _near(words_of(heading), known)


def _near(words: str, known: dict[str, Column]) -> tuple[Column, ...]:
    """A slip of the pen: each word is the known one's but for a letter or two."""
    if len(words) < 5:
        return ()
    found = process.extract(words, known.keys(), scorer=fuzz.ratio, score_cutoff=_HIGH_BAR, limit=8)
    slips = [(name, score) for name, score, _ in found if _slip(words, name)]
    return tuple(dict.fromkeys(known[name] for name, score in slips if score > slips[0][1] - 2))


def _slip(words: str, known: str) -> bool:
    ours, theirs = words.split(), known.split()
    if len(ours) != len(theirs):
        return words.replace(" ", "") == known.replace(" ", "")
    return all(OSA.distance(one, other) <= _slack(one, other) for one, other in zip(ours, theirs, strict=True))


def _slack(ours: str, theirs: str) -> int:
    """How many letters a word may be off. One that other headings have is no slip: "contract" is not "contact"."""
    if ours in _all_words() or len(theirs) < 4:
        return 0
    return 1 if len(theirs) < 8 else 2


@cache
def _all_words() -> frozenset[str]:
    return frozenset(word for words in _by_words() for word in words.split())


@dataclass(frozen=True)
class Plan:
    """How a file's rows are read. `columns`: by place; `headings`: as the file has them; `notes`: what people should
    know of them."""

    columns: dict[int, Column]
    headings: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def fields(self) -> frozenset[str]:
        """What the file has columns for."""
        return frozenset(column.field for column in self.columns.values())


def plan_of(headings: Sequence[str]) -> Plan:
    """Which column is what. Of two for one field the one known word for word counts, else the first."""
    columns: dict[int, Column] = {}
    notes: list[str] = []
    order = sorted(range(len(headings)), key=lambda at: (not _exact(headings[at]), at))
    for at in order:
        found = fit(headings[at])
        taken = next((other for other, column in columns.items() if found and column == found[0]), None)
        if len(found) == 1 and taken is None:
            columns[at] = found[0]
        elif headings[at]:
            notes.append(_left(headings, at, found, taken))
    return Plan(dict(sorted(columns.items())), tuple(headings), tuple(notes))


def _exact(heading: str) -> bool:
    return words_of(heading) in _by_words()


def _left(headings: Sequence[str], at: int, found: Sequence[Column], taken: int | None) -> str:
    """Why a column was left."""
    if taken is not None and len(found) == 1:
        return f"the column {headings[at]!r} was left: {headings[taken]!r} means the same"
    if found:
        named = " or ".join(repr(one.heading) for one in found)
        return f"the column {headings[at]!r} was left: it may mean {named}"
    return f"the column {headings[at]!r} was left: the timeline has no such field"


def heading_of(name: str) -> str:
    """The heading the template has for a field, the field's name where it has none."""
    column = load_template().of(name)
    return column.heading if column else name
