"""Which lists of the papers can be opened as a checklist, as the pack says, and what people call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from knowledge.text import STOPWORDS, words

NAME = "checklists.csv"
_COLUMNS = ("name", "title", "document", "locators")


class Source(NamedTuple):
    """A row of checklists.csv. `also`: what else people call it; `stage`: of the commissioning cycle; `locators`: the
    passages whose lists it is, in order."""

    name: str
    also: tuple[str, ...]
    title: str
    stage: str
    document: str
    locators: tuple[str, ...]

    @property
    def passages(self) -> tuple[tuple[str, str], ...]:
        """Document and locator of each passage."""
        return tuple((self.document, locator) for locator in self.locators)


def source_of(number: int, row: Mapping[str, str | None]) -> Source:
    """A row of the file. Raises ValueError, which names the line."""
    given = {name: (value or "").strip() for name, value in row.items() if isinstance(value, str)}
    if lacking := [name for name in _COLUMNS if not given.get(name)]:
        raise ValueError(f"{NAME}, line {number}: needs {', '.join(lacking)}")
    return Source(
        given["name"], _pieces(given.get("also", "")), given["title"], given.get("stage", ""), given["document"],
        _pieces(given["locators"]),
    )  # fmt: skip


def named(text: str, sources: Iterable[Source]) -> Source | None:
    """The source that is called by exactly this name, or the one whose name a text holds ("a checklist for my home
    care specification"); None where it holds none or several that are as long."""
    said, sources = _flat(text), tuple(sources)
    for source in sources:
        if said in _names(source):
            return source
    held = [(len(name), source) for source in sources for name in _names(source) if f" {name} " in f" {said} "]
    longest = max((length for length, _ in held), default=0)
    found = {source.name: source for length, source in held if length == longest}
    return next(iter(found.values())) if len(found) == 1 else None


def words_left(text: str, source: Source) -> list[str]:
    """The words of a text, but the little ones, that a source's names, title and stage do not say."""
    own = {
        word.stem for part in (source.name, source.title, source.stage, *source.also) for word in words(part)
    }  # fmt: skip
    return [word.stem for word in words(text) if word.surface not in STOPWORDS and word.stem not in own]


def _pieces(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


@lru_cache(maxsize=256)
def _names(source: Source) -> Sequence[str]:
    return tuple(_flat(name) for name in (source.name, *source.also))


def _flat(text: str) -> str:
    """Its words in lower case, the article before them and a plural's ending aside."""
    bare = re.sub(r"^\s*(?:an?|the|my|our)\s+", "", text.lower())
    return " ".join(word.stem for word in words(bare))
