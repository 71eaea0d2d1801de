"""The places of the county: towns, villages, wards, each in a district. A name may lie in two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from rapidfuzz.distance import OSA
from sqlalchemy.engine import Connection

from knowledge import tables
from knowledge.documents.reading import Limits
from knowledge.register.holding import hold_register, raise_register_edition
from knowledge.register.importing import keep_unread
from knowledge.register.reading.file import Problem
from knowledge.register.reading.grid import RegisterError, Row, read_grids
from knowledge.register.reading.headings import words_of

COLUMNS = {
    "name": ("place", "place name", "name", "name of place", "settlement", "locality", "town", "area", "ward"),
    "kind": ("kind", "type", "place type", "type of place", "kind of place", "category"),
    "district": ("district", "district council", "borough", "district name", "borough or district", "authority",
                 "local authority", "district or borough", "council"),
}  # fmt: skip
_LONGEST = {"name": 200, "kind": 100, "district": 200}
"""What the record's columns hold."""


class PlacesError(Exception):
    """A file that is no list of places. Its text says why."""


@dataclass(frozen=True)
class Place:
    """A place by its name, what it is in the list's own words ("town", "ward"), and its district."""

    name: str
    kind: str
    district: str


@dataclass
class ReadPlaces:
    """What a file gave: the places, and the rows that are none."""

    places: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Difference:
    """What a new list changed. A place that has only another kind is changed, one that is not in it missing."""

    added: int
    changed: int
    unchanged: int
    missing: int


def read_places(path: Path, limits: Limits | None = None) -> ReadPlaces:
    """The places in a file. A bad row is a problem, and the rest is read. Raises PlacesError."""
    try:
        for grid in read_grids(path, limits):
            for header in grid.head:
                columns = _columns(header)
                if "name" in columns and "district" in columns:
                    rows = [row for row in grid.whole() if row.line > header.line]
                    return _read(rows, columns, len(header.cells) if grid.ragged else None)
    except RegisterError as error:
        raise PlacesError(str(error)) from None
    raise PlacesError(f"{path.name}: needs the columns place and district; kind may be there too")


def replace_places(connection: Connection, found: ReadPlaces, source: str, now: datetime) -> Difference:
    """Makes these places the list. A file without any leaves it as it was."""
    hold_register(connection)
    keep_unread(connection, "places", source, found.problems, now)
    if not found.places:
        return Difference(0, 0, 0, 0)
    before, after = places(connection), found.places
    same = Counter(before) & Counter(after)
    gone = Counter((one.name, one.district) for one in (Counter(before) - same).elements())
    came = Counter((one.name, one.district) for one in (Counter(after) - same).elements())
    changed = (gone & came).total()
    if before != after:
        connection.execute(sa.delete(tables.place))
        rows = [{"name": one.name, "kind": one.kind, "district": one.district} for one in after]
        connection.execute(sa.insert(tables.place), rows)
        raise_register_edition(connection)
    return Difference(came.total() - changed, changed, same.total(), gone.total() - changed)


def places(connection: Connection) -> list[Place]:
    """Every place, in the list's order."""
    rows = connection.execute(sa.select(tables.place).order_by(tables.place.c.id))
    return [Place(row.name, row.kind, row.district) for row in rows]


def _columns(header: Row) -> dict[str, int]:
    """Which column is what; of several that could be one, that which stands first among its names."""
    best: dict[str, tuple[int, int]] = {}
    for at, heading in enumerate(header.cells):
        words = words_of(heading)
        for name, known in COLUMNS.items():
            for rank, one in enumerate(known):
                slack = 2 if len(one) > 7 else int(len(one) > 3)
                off = OSA.distance(words, words_of(one))
                if words and off <= slack:
                    best[name] = min(best.get(name, (999, 0)), (rank + 20 * off, at))
    return {name: at for name, (_, at) in best.items()}


def _read(rows: Sequence[Row], columns: dict[str, int], width: int | None) -> ReadPlaces:
    found, seen = ReadPlaces(), dict[Place, int]()
    for row in rows:
        if not any(row.cells) and not row.broken:
            continue
        said = {name: " ".join(row.cells[at].split()) if at < len(row.cells) else "" for name, at in columns.items()}
        wrong = row.broken or _wrong(said, row, width)
        place = Place(said["name"], said.get("kind", ""), said["district"])
        if not wrong and place in seen:
            wrong = f"the same row as line {seen[place]}"
        if wrong:
            found.problems.append(Problem(row.line, said["name"], wrong, row.cells))
            continue
        seen[place] = row.line
        found.places.append(place)
    return found


def _wrong(said: dict[str, str], row: Row, width: int | None) -> str:
    wrong = [f"no {'place' if name == 'name' else name}" for name in ("name", "district") if not said[name]]
    wrong += [
        f"the {name} is longer than {_LONGEST[name]} characters" for name in said if len(said[name]) > _LONGEST[name]
    ]
    if width is not None and any(row.cells[width:]):
        wrong.append(f"too many cells: {len(row.cells)} under {width} headings")
    return "; ".join(wrong)
