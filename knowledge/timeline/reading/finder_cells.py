"""The cells of one row of Contracts Finder's export, by heading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache

from knowledge.register.reading.days import NoDay, read_day
from knowledge.register.reading.grid import Row
from knowledge.register.reading.headings import words_of
from knowledge.register.reading.money import NoSum, read_money
from knowledge.register.reading.values import NotYesOrNo, read_yes_no
from knowledge.timeline.reading.finder_kinds import Kind, NoKind, kind_of
from knowledge.timeline.reading.mending import mend_text, plausible_day, plausible_sum
from knowledge.timeline.when import When, on_day
from knowledge.workdays import LONDON

_SHORT = 100
"""Characters of a cell that may well stand in other rows too, and is then held once."""


def places_of(headings: Sequence[str]) -> dict[str, int]:
    """Where each heading stands, by its words; of two alike the first counts. What brackets explain is no name."""
    places: dict[str, int] = {}
    for at, heading in enumerate(headings):
        places.setdefault(words_of(heading.split("[")[0]), at)
    return places


@lru_cache(maxsize=50_000)
def _line(cell: str) -> str:
    return " ".join(mend_text(cell).split())


@lru_cache(maxsize=10_000)
def _on_day(day: date) -> When:
    return on_day(day)


class Cells:
    """A row's cells, mended, and what turned out to be wrong with them (`wrong`)."""

    def __init__(self, row: Row, places: Mapping[str, int]) -> None:
        self.row = row
        self.places = places
        self.wrong: list[str] = []

    def lines(self, heading: str) -> str:
        """A cell's text as it stands."""
        cell = self._cell(heading)
        return mend_text(cell).strip() if cell else ""

    def text(self, heading: str) -> str:
        """A cell's text in one line."""
        cell = self._cell(heading)
        return (_line(cell) if len(cell) <= _SHORT else " ".join(mend_text(cell).split())) if cell else ""

    def _cell(self, heading: str) -> str:
        at = self.places.get(words_of(heading), -1)
        return self.row.cells[at] if 0 <= at < len(self.row.cells) else ""

    def day(self, heading: str) -> date | None:
        """A cell's day; None for none, and for one that stands for none."""
        try:
            day, _ = read_day(self.text(heading))
        except NoDay as error:
            self.wrong.append(f"{heading}: {error}")
            return None
        return plausible_day(day) if day else None

    def when(self, heading: str, otherwise: str = "") -> When | None:
        """A cell's day as a When, another cell's where that one has none."""
        day = self.day(heading) or (self.day(otherwise) if otherwise else None)
        return _on_day(day) if day else None

    def sum(self, heading: str) -> Decimal | None:
        """A cell's sum in pounds; None for none, and for what stands for none."""
        text = self.text(heading)
        try:
            value, _ = read_money(text)
        except NoSum as error:
            self.wrong.append(f"{heading}: {error}")
            return None
        if value is None and text:
            self.wrong.append(f"{heading}: {text[:60]!r} is no sum in pounds")
        return plausible_sum(value) if value is not None else None

    def yes_no(self, heading: str) -> bool | None:
        """A cell's yes or no."""
        try:
            return read_yes_no(self.text(heading))
        except NotYesOrNo as error:
            self.wrong.append(f"{heading}: {error}")
            return None

    def kind(self) -> Kind | None:
        """What the notice is."""
        try:
            return kind_of(self.text("Notice Type"), self.text("Status"))
        except NoKind as error:
            self.wrong.append(str(error))
            return None

    def published(self) -> datetime | None:
        """When the notice was published, in UTC: else the day of its award, else of its closing."""
        try:
            said = datetime.fromisoformat(self.text("Published Date"))
            if plausible_day(said.date()):
                return (said if said.tzinfo else said.replace(tzinfo=LONDON)).astimezone(UTC)
        except ValueError:
            pass
        for heading in ("Published Date", "Awarded Date", "Closing Date"):
            if day := self.day(heading):
                return datetime.combine(day, time(), LONDON).astimezone(UTC)
        self.wrong.append("no Published Date, nor a day of award or closing")
        return None
