"""The sections of a report that are of the supply chain: what goes to SMEs and VCSEs, and what contracts say of those
below the provider.

The shares are in every report: councils publish what they are worked out from (Local Government Transparency Code).
Sub-contractors and payment terms are not published, and a report is made to be passed on, to papers that anybody reads:
so they are only counted, and only in the committee's report, for of a single contract the counts would be the terms.
Whoever may know them asks the register.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from handlers.reports import words
from handlers.reports.nouns import About, Cell, Section, Table
from knowledge.register.holding import Held
from knowledge.register.reader import RegisterReader
from knowledge.supply.gathering import figures_of, where_of
from knowledge.supply.nouns import Figure, Supply
from knowledge.supply.nouns import Section as Shown
from knowledge.supply.sections import by_district, by_sector, of_chain

_FIRMS = (
    "An SME is a small or medium-sized enterprise, of under 250 people. A VCSE is a voluntary or community "
    "organisation or a social enterprise."
)
_ELSEWHERE = (
    "Sub-contractors and payment terms are not part of this report, which is made to be passed on: they stand in the "
    "register, for those who may see them."
)


def supply_sections(
    about: About, held: Sequence[Held], every: Sequence[Held], reader: RegisterReader, day: date, source: str
) -> Iterator[Section]:
    """What is told of the supply chain of some contracts. `every`: all the register holds, for a contract may be part
    of another."""
    found = figures_of(every, where_of(reader), day, {one.contract.key for one in held})
    yield _shares(about, found, source)
    if about is About.COMMITTEE and found.chain.contracts:
        chain = of_chain(found)
        yield Section(name="chain", title=chain.title, says=(chain.note,), tables=(table(chain),), source=source)


def _shares(about: About, found: Supply, source: str) -> Section:
    if not found.whole.pence:
        says: tuple[str, ...] = ("No contract in force, with a provider, a value and a term, can be counted.",)
        return Section(name="supply", title=_title(about), says=says, source=source)
    sectors, districts = by_sector(found), by_district(found)
    worth = words.sentence(words.counted(found.whole.contracts, "contract counts here", "contracts count here"))
    says = (_FIRMS, f"{worth}. {sectors.note}", *(() if about is About.COMMITTEE else (_ELSEWHERE,)))
    tables = [table(sectors, bars=("share", "Share of spend", "sort of provider"))]
    if sum(bool(one.contracts) for one in found.districts.values()) > 1:
        says = (*says, districts.note)
        tables.append(table(districts, bars=("sme_share", "Share of spend with SMEs", "district")))
    return Section(name="supply", title=_title(about), says=says, tables=tuple(tables), source=source)


def _title(about: About) -> str:
    whose = {About.COMMITTEE: "Spend", About.CONTRACT: "What of this contract goes", About.PROVIDER: "What goes"}
    return f"{whose[about]} {'with' if about is About.COMMITTEE else 'to'} SMEs and VCSEs"


def table(shown: Shown, bars: tuple[str, str, str] | None = None) -> Table:
    """A table of the supply chain as reports have it, the one place where the one becomes the other. `bars`: the column
    that its chart shows, the chart's title, and of what its bars are."""
    names = [column.name for column in shown.columns]
    rows = tuple((words.text(row[0].said), *map(_cell, row[1:])) for row in shown.rows)
    drawn = None
    if bars:
        wanted, title, what = bars
        drawn = words.chart(shown.name, title, [(row[0].said, row[names.index(wanted)]) for row in rows], what)
    columns = words.columns(*((column.name, column.heading) for column in shown.columns))
    return Table(name=shown.name, caption=shown.title, columns=columns, rows=rows, chart=drawn)


def _cell(one: Figure) -> Cell:
    return Cell(said=one.said or "–", value=one.value, number=True)
