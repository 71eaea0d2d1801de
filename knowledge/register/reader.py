"""The register's index as it is read. One object may serve many threads; a rebuilt file wants a new one."""

from __future__ import annotations

import json
import math
import threading
import weakref
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from knowledge.gazetteer import Gazetteer
from knowledge.indexfile import open_for_reading
from knowledge.places import Place
from knowledge.register.contract import State
from knowledge.register.finding.kinds import PEOPLE, Kinds, Phrases, Spoken
from knowledge.register.finding.names import Names
from knowledge.services import Service
from knowledge.text import STOPWORDS

_OF_A_KIND = 120
"""Contracts of one kind that are looked at, those of the message's districts only."""
_BY_WORDS = 60
_BY_NAME = 200
_TELLING = 8
"""Words of a message that candidates are looked up by: the rarest in the register."""


@dataclass(frozen=True)
class Row:
    """A contract as the index holds it. `districts`: those it serves, none for the whole county; `places`: those its
    text names, in lower case; `kinds`: kinds of service by key, 1 for the best."""

    n: int
    key: str
    reference: str
    title: str
    supplier: str
    service: str
    parent: str
    delivered_by: str
    start: date | None
    end: date | None
    ended_on: date | None
    districts: frozenset[str]
    places: frozenset[str]
    kinds: Mapping[str, float]
    links: frozenset[str]
    head: frozenset[str]
    body: frozenset[str]

    def state(self, day: date) -> State:
        """How the contract stands on a day."""
        if self.ended_on and self.ended_on <= day:
            return State.ENDED
        if self.start and day < self.start:
            return State.TO_COME
        return State.ENDED if self.end and self.end < day else State.IN_FORCE


_COLUMNS = (
    "n, key, reference, title, supplier, service, parent, delivered_by, start, end, ended_on, districts, places, "
    "kinds, links, head, body"
)


class RegisterReader:
    """What the register's index holds."""

    def __init__(self, path: Path) -> None:
        self._connection = open_for_reading(path)
        self._reading = threading.Lock()
        weakref.finalize(self, self._connection.close).atexit = False  # a thread may still read at the end
        self.size = int(self.select("SELECT count(*) FROM contract")[0][0])

    @cached_property
    def kinds(self) -> Kinds:
        """The catalogue as it was analysed for this index, for what people say."""
        counts = dict(self.select("SELECT kind, sum(share) FROM of_kind GROUP BY kind"))
        rows = self.select("SELECT about, said FROM service ORDER BY n")
        spoken = [Spoken(Service.model_validate_json(about), *_phrases(said)) for about, said in rows]
        return Kinds(spoken, PEOPLE, counts)

    @cached_property
    def _catalogue_words(self) -> tuple[str, ...]:
        return tuple(row[0] for row in self.select("SELECT surface FROM catalogue_word ORDER BY surface"))

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """Ordinary words, in lower case, of the register and of the field: no names."""
        surfaces = {row[0] for row in self.select("SELECT surface FROM word")}
        return frozenset(surfaces | set(self._catalogue_words) | STOPWORDS)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The council's places."""
        known = [Place(*row) for row in self.select("SELECT name, kind, district FROM place")]
        return Gazetteer(known, self.ordinary)

    @cached_property
    def _bits(self) -> dict[str, int]:
        return {name: 1 << min(at, 61) for at, name in enumerate(self.gazetteer.districts)}

    def select(self, sql: str, given: Sequence[object] | Mapping[str, object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        """The rows of a statement, for the modules beside this one."""
        with self._reading:
            return list(self._connection.execute(sql, dict(given) if isinstance(given, Mapping) else tuple(given)))

    @cached_property
    def names(self) -> Names:
        """Every name in the register."""
        found = [row[0] for row in self.select("SELECT DISTINCT name FROM named")]
        return Names(found, self.ordinary, [place.name for place in self.gazetteer.places])

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """What stands in the columns that people choose contracts by, each value once."""
        columns = ("department", "service", "manager", "deputy", "director")
        wanted = {one: f"SELECT DISTINCT {one} FROM contract WHERE {one} != '' ORDER BY 1" for one in columns}
        return {one: [row[0] for row in self.select(sql)] for one, sql in wanted.items()}

    def named(self, name: str) -> list[tuple[int, str]]:
        """The contracts of a name: numbers, and whether it is the provider's or stands in the text."""
        return [(n, source) for n, source in self.select("SELECT n, source FROM named WHERE name = ?", [name])]

    @property
    def strange(self) -> float:
        """What a word tells that no contract has."""
        return math.log(1 + (self.size + 0.5) / 0.5)

    def weights(self, stems: Iterable[str]) -> dict[str, float]:
        """What each of these stems tells contracts apart; those no contract has are left out."""
        wanted = sorted(set(stems))
        marks = ",".join("?" * len(wanted))
        found = dict(self.select(f"SELECT stem, contracts FROM term WHERE stem IN ({marks})", wanted))
        return {s: math.log(1 + (self.size - c + 0.5) / (c + 0.5)) for s, c in found.items()}

    def candidates(
        self,
        kinds: Mapping[str, float],
        stems: Iterable[str],
        named: Mapping[int, float],
        districts: Iterable[str],
        references: Sequence[str] = (),
    ) -> set[int]:
        """The contracts worth weighing: of the message's kinds in its districts, with its words, of its names."""
        found = {n for n, _ in sorted(named.items(), key=lambda item: -item[1])[:_BY_NAME]}
        area = self.area_of(districts) or -1
        for kind in kinds:
            rows = self.select(
                "SELECT n FROM of_kind WHERE kind = ? AND (areas = 0 OR areas & ?) ORDER BY share DESC LIMIT ?",
                [kind, area, _OF_A_KIND],
            )
            found.update(row[0] for row in rows)
        found.update(self._by_words(stems))
        for reference in references:
            found.update(row[0] for row in self.select("SELECT n FROM contract WHERE key = ?", [reference]))
        return found

    def area_of(self, districts: Iterable[str]) -> int:
        """Districts as the index compares them."""
        return sum({self._bits[district] for district in districts if district in self._bits})

    def _by_words(self, stems: Iterable[str]) -> list[int]:
        telling = sorted(self.weights(stems).items(), key=lambda item: -item[1])[:_TELLING]
        if not telling:
            return []
        query = " OR ".join('"' + stem.replace('"', "") + '"' for stem, _ in telling)
        sql = "SELECT rowid FROM contract_fts WHERE contract_fts MATCH ? ORDER BY bm25(contract_fts, 2.0, 1.0) LIMIT ?"
        return [row[0] for row in self.select(sql, [query, _BY_WORDS])]

    def rows_of(self, numbers: Iterable[int]) -> list[Row]:
        """The contracts of these numbers."""
        wanted, found = sorted(numbers), []
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            marks = ",".join("?" * len(part))
            found += self.select(f"SELECT {_COLUMNS} FROM contract WHERE n IN ({marks})", part)
        return [_row(row) for row in found]

    def held(self, keys: Sequence[str]) -> list[str]:
        """Those of these references, as references are compared, that the register has."""
        marks = ",".join("?" * len(keys))
        return [row[0] for row in self.select(f"SELECT key FROM contract WHERE key IN ({marks})", keys)]

    @cached_property
    def _spelt(self) -> dict[tuple[str, int], list[str]]:
        found: dict[tuple[str, int], list[str]] = defaultdict(list)
        for surface in self._catalogue_words:
            found[surface[0], len(surface)].append(surface)
        return found

    def spellings(self, first: str, length: int) -> list[str]:
        """Words of the catalogue that a word of this first letter and about this length may be meant for."""
        return [surface for size in (length - 1, length, length + 1) for surface in self._spelt.get((first, size), ())]


def _row(row: tuple) -> Row:  # type: ignore[type-arg]
    n, key, reference, title, supplier, service, parent, delivered_by, start, end, ended_on = row[:11]
    districts, places, kinds, links, head, body = row[11:]
    return Row(
        n, key, reference, title, supplier, service, parent, delivered_by, _day(start), _day(end), _day(ended_on),
        frozenset(json.loads(districts)), frozenset(json.loads(places)), json.loads(kinds),
        frozenset(json.loads(links)), frozenset(head.split()), frozenset(body.split()),
    )  # fmt: skip


def _phrases(said: str) -> list[Phrases]:
    """A kind's texts, field by field, as the index holds them."""
    return [tuple(tuple(phrase) for phrase in field) for field in json.loads(said)]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
