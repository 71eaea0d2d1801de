"""Entries of a feed as statements and problems: each is one or the other, by its position."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from knowledge.timeline.nouns import Problem, Read, Statement
from knowledge.timeline.reading.ocds import read_release
from knowledge.timeline.reading.parsing import Broken
from knowledge.timeline.reading.parts import Part, line, part, word
from knowledge.timeline.reading.release import NoStatement
from knowledge.timeline.reading.repeats import Placed, settle

_LONGEST_CELL = 100
_CELLS = ("ocid", "id", "date", "tag", "title", "organisation", "status", "published_date", "url")


def read_entries(entries: Iterable[Any], read: Callable[[Part], Statement] = read_release, *notes: str) -> Read:
    """What the entries of a list say, `read` making the statement of one."""
    statements: list[Placed] = []
    problems: list[Problem] = []
    count = 0
    for count, entry in enumerate(entries, start=1):
        try:
            statements.append((count, _statement(entry, read)))
        except NoStatement as error:
            problems.append(
                Problem(record=count, reason=str(error), reference=_reference(entry), cells=cells_of(entry))
            )
    kept, repeated = settle(statements)
    both = sorted([*problems, *repeated], key=lambda one: one.record)
    return Read(records=count, statements=kept, problems=tuple(both), notes=tuple(note for note in notes if note))


def cells_of(entry: Any) -> dict[str, Any]:
    """What a person needs to find an entry again, shortened; nobody's name or address."""
    if not isinstance(entry, Mapping):
        return {}
    found = {name: entry[name] for name in _CELLS if entry.get(name) not in (None, "", [])}
    titles = {"tender.title": line(part(entry, "tender"), "title"), "buyer.name": line(part(entry, "buyer"), "name")}
    found.update({name: value for name, value in titles.items() if value})
    return {name: _short(value) for name, value in found.items()}


def _statement(entry: Any, read: Callable[[Part], Statement]) -> Statement:
    if isinstance(entry, Broken):
        raise NoStatement(entry.why)
    if not isinstance(entry, Mapping):
        raise NoStatement(f"is not an object but {_named(entry)}")
    try:
        return read(entry)
    except RecursionError:
        raise NoStatement("is nested too deeply to be a notice") from None


def _reference(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    return (word(entry.get("ocid")) or word(entry.get("id")))[:_LONGEST_CELL]


def _named(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return {dict: "an object", list: "a list", type(None): "null"}.get(type(value)) or repr(_short(value))


def _short(value: Any) -> str:
    text = ", ".join(word(one) for one in value[:10]) if isinstance(value, list) else word(value)
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"
