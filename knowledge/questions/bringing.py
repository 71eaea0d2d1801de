"""Own entries from a file: lines as the pack's digest has them, each resting on a place of a paper that is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.engine import Connection

from knowledge import library
from knowledge.jsonlines import NoJson, json_lines
from knowledge.models import Access, DigestEntry, slug
from knowledge.questions.learnt import Standing, add, by_id, change

LONGEST = 2_000
"""Characters of an entry's own words, and of a way of asking."""
FEWEST = 2
"""Ways of asking without which an entry is hardly found."""


@dataclass
class Brought:
    """What a file of entries came to, by id; and by line, why others were not taken."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def bring(connection: Connection, file: Path, now: datetime) -> Brought:
    """Adds the entries of a file of JSON lines, or changes those that are there. A bad line is a problem, and the rest
    is taken; the same file twice changes nothing."""
    told = Brought()
    access, places = _held(connection)
    for number, value in json_lines(file):
        try:
            if isinstance(value, NoJson):
                raise value
            entry = DigestEntry.model_validate(value)
            _check(entry, access, places)
            _take(connection, entry, access[entry.document], now, told)
        except ValidationError as error:
            first = error.errors()[0]
            told.problems.append((number, f"{'.'.join(map(str, first['loc'])) or 'the line'}: {first['msg'].lower()}"))
        except ValueError as error:
            told.problems.append((number, str(error)))
    return told


def _held(connection: Connection) -> tuple[dict[str, Access], set[tuple[str, str]]]:
    """The papers that are held with who may read them, and every place in them."""
    papers = list(library.everything(connection))
    places = {(about.id, slug(passage.locator)) for about, cut in papers for passage in cut}
    return {about.id: about.access for about, _ in papers}, places


def _check(entry: DigestEntry, access: dict[str, Access], places: set[tuple[str, str]]) -> None:
    """Raises ValueError, which says what is wrong with an entry."""
    if entry.document not in access:
        raise ValueError(f"there is no paper {entry.document!r}; `desk documents` lists them")
    if (entry.document, slug(entry.locator)) not in places:
        raise ValueError(f"paper {entry.document} has no place {entry.locator!r}")
    if len(set(entry.asks)) < FEWEST:
        raise ValueError(f"needs at least {FEWEST} ways of asking")
    for text in _texts(entry):
        if not text.strip() or len(text) > LONGEST:
            raise ValueError(f"its words and ways of asking have 1 to {LONGEST:,} characters each")


def _texts(entry: DigestEntry) -> Iterator[str]:
    yield entry.id
    yield entry.digest
    yield from entry.asks


def _take(connection: Connection, entry: DigestEntry, access: Access, now: datetime, told: Brought) -> None:
    held = by_id(connection, entry.id)
    if held is None:
        values = entry.model_dump(exclude={"asks"})
        add(connection, now, **values, asks=entry.asks, access=access)
        told.added.append(entry.id)
    elif held.made_by:
        raise ValueError(f"{entry.id} is an officer's own: change it there")
    elif held.entry == entry and held.standing is Standing.LIVE:
        told.unchanged.append(entry.id)
    elif held.standing is Standing.RETIRED:
        raise ValueError(f"{entry.id} was retired: give it another id to bring it back")
    else:
        change(connection, entry.id, {**entry.model_dump(exclude={"id", "asks"}), "asks": list(entry.asks)})
        told.changed.append(entry.id)
