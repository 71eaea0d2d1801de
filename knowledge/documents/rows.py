"""Tables whose rows are passages with named cells: an action plan, with owner, time, progress and status."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.documents.reader import Reader
from knowledge.models import Access, Document, Passage
from knowledge.register.asking.phrases import phrases
from knowledge.text import stems

FILE = "rows.toml"
_FEWEST = 3
"""Rows from which passages with cells are a table that is asked about."""
_CLASSES = ("partly", "late", "stopped", "going", "done")
"""States in the order in which a cell is tried for them: "aspects delivered but ongoing" is neither done nor going."""


@dataclass(frozen=True)
class Row:
    """A row. `number`: its passage's in the index; `about`: the label of the cell that says what it is about."""

    number: int
    passage: Passage
    about: str

    @property
    def locator(self) -> str:
        """Its place: "R9"."""
        return self.passage.locator

    def labels(self, kind: str) -> frozenset[str]:
        """The labels of the cells that tell of this: status, owner, when, progress."""
        return frozenset(part.label for part in self.passage.parts if kind_of(part.label) == kind)

    def cell(self, kind: str) -> str:
        """The words of those cells, on one line."""
        return self._cells.get(kind, "")

    @cached_property
    def _cells(self) -> dict[str, str]:
        """The words of the cells by what they tell of."""
        kinds = {kind_of(part.label) for part in self.passage.parts}
        said = {kind: [self.passage.labelled(label) for label in sorted(self.labels(kind))] for kind in kinds}
        return {kind: " ".join(" ".join(cells).split()) for kind, cells in said.items()}

    @property
    def subject(self) -> str:
        """What the row is about, on one line."""
        return " ".join(self.passage.labelled(self.about).split())

    @property
    def owners(self) -> tuple[str, ...]:
        """Whose it is, one by one."""
        return tuple(one.strip(" …") for one in self.cell("owner").split("•") if one.strip(" …"))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all its words."""
        return frozenset(stems(self.passage.text))


@dataclass(frozen=True)
class Plan:
    """A paper's table."""

    document: Document
    rows: tuple[Row, ...]

    @property
    def noun(self) -> str:
        """What its rows are called: "recommendation"; "row" where their cells do not say."""
        about = stems(self.rows[0].about)
        return next((noun for noun in phrases("nouns", FILE) if stems(noun) == about), "row")

    @cached_property
    def valued(self) -> dict[str, int]:
        """How many rows there are of each status, the most frequent first; "" for those without one."""
        said = [row.cell("status") for row in self.rows]
        return {value: said.count(value) for value in sorted(set(said), key=lambda one: (-said.count(one), one))}


def kind_of(label: str) -> str:
    """What a cell tells by its label, "" for anything else."""
    return next((kind for kind, said in phrases("cells", FILE).items() if label and said.fullmatch(label)), "")


def state_of(value: str) -> str:
    """The state that a status stands for, "" for none that is known."""
    said = phrases("states", FILE)
    return next((state for state in _CLASSES if said[state].search(value)), "")


def plans(index: Reader, access: frozenset[Access]) -> list[Plan]:
    """The tables in papers of this access, the newest paper first."""
    found = [plan for plan in index.derived("plans", lambda: _plans(index)) if plan.document.access in access]
    return sorted(found, key=lambda plan: plan.document.published, reverse=True)


def _plans(index: Reader) -> list[Plan]:
    rows: dict[str, list[Row]] = {}
    for (number,) in index.rows("""SELECT n FROM passage WHERE source LIKE '%"label":"_%' ORDER BY n"""):
        passage = index.passage(number)
        labels = list(dict.fromkeys(part.label for part in passage.parts))
        kinds = {kind_of(label) for label in labels} - {""}
        if len(kinds) >= 2 and "status" in kinds | _kinds_of(rows.get(passage.document, ())):
            rows.setdefault(passage.document, []).append(Row(number, passage, labels[0]))
    return [Plan(index.documents[id], tuple(held)) for id, held in rows.items() if len(held) >= _FEWEST]


def _kinds_of(rows: Sequence[Row]) -> set[str]:
    return {"status"} if any(re.search(r"\S", row.cell("status")) for row in rows) else set()
