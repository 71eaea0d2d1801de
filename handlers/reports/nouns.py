"""What a report is, before any surface draws it: sections of words and tables, some with a chart."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from knowledge.models import Noun
from knowledge.reports.nouns import Period

NOT_SHOWN = "not shown"


class About(StrEnum):
    """Of what a report is."""

    COMMITTEE = "committee"
    CONTRACT = "contract"
    PROVIDER = "provider"


class Wish(Noun):
    """The report somebody wants. `subject`: the contract's reference, the provider's name, or the directorate, "" for
    the whole council; `period`: days, both included."""

    about: About
    subject: str = ""
    period: Period


class Cell(Noun):
    """A cell of a table. `said`: for people; `value`: for machines, None where there is none or it is `hidden`;
    `number`: it stands under the others to the right."""

    said: str
    value: int | float | str | None = None
    hidden: bool = False
    number: bool = False


class Column(Noun):
    """A column of a table. `name`: as files call it; `number`: its cells are figures."""

    name: str
    heading: str
    number: bool = False


class Bar(Noun):
    """A bar of a chart. `length`: 0 to 1 of the longest there can be; None where the figure is not shown."""

    label: str
    said: str
    length: float | None


class Chart(Noun):
    """Bars with what they say. `describes`: the chart in a sentence, for whoever cannot see it."""

    name: str
    title: str
    describes: str
    bars: tuple[Bar, ...]


class Table(Noun):
    """Rows of cells, a row's name first. `name`: as files call it."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: Chart | None = None


class Section(Noun):
    """A part of a report. `says`: what its figures mean and what they leave out; `source`: where they come from and as
    of when."""

    name: str
    title: str
    says: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    source: str = ""


class Report(Noun):
    """A report. `key_figures`: what most want to know, each with what it is of; `notes`: what holds for all of it."""

    wish: Wish
    council: str
    title: str
    made_on: date
    key_figures: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
