"""How the supply chain looks in a terminal, in JSON and in a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import Any

from rich.table import Table

from bot.terminal import console, plain
from knowledge.register.exporting import cell
from knowledge.supply.nouns import Section, Sector, Shares, Supply
from knowledge.supply.sections import BESIDE, sections

_PENCE = 100


def show_supply(found: Supply) -> None:
    """The figures for people."""
    for section in sections(found):
        console.print(plain(section.title), style="bold")
        console.print(_table(section))
        console.print(plain(section.note), style="dim")
        console.print()


def _table(section: Section) -> Table:
    """Figures to the right, and never cut in two, however narrow the screen."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    for at, column in enumerate(section.columns):
        widest = max((len(row[at].said) for row in section.rows), default=0)
        table.add_column(column.heading, justify="right" if at else "left", min_width=widest if at else 12)
    for row in section.rows:
        table.add_row(*(plain(one.said) for one in row))
    return table


def supply_as_json(found: Supply) -> dict[str, Any]:
    """The figures for programs. Sums are in pence a year, shares of 1, null where there is nothing to share."""
    return {
        "day": found.day.isoformat(),
        "district": found.district or None,
        "whole": _shares(found.whole),
        "districts": [{"district": name, **_shares(one)} for name, one in found.districts.items()],
        "beside": [{"district": name, **_shares(one)} for name, one in found.beside.items()],
        "left_out": asdict(found.left),
        "chain": asdict(found.chain),
    }


def _shares(shares: Shares) -> dict[str, Any]:
    return {
        "contracts": shares.contracts,
        "pence": shares.pence,
        "sme": _sector(shares.sme, shares),
        "vcse": _sector(shares.vcse, shares),
    }


def _sector(sector: Sector, shares: Shares) -> dict[str, Any]:
    share = shares.of(sector.pence)
    return {**asdict(sector), "share": None if share is None else round(share, 4)}


def supply_as_csv(found: Supply) -> str:
    """The table by district with bare figures, in pounds a year."""
    named = {**found.districts, **{BESIDE[name]: one for name, one in found.beside.items()}}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ("District", "Contracts", "Pounds a year", "SME pounds", "Passed to SMEs", "SME not said", "VCSE pounds",
         "Passed to VCSEs", "VCSE not said")
    )  # fmt: skip
    for name, one in named.items():
        sums = (one.pence, *(sum_ for of in (one.sme, one.vcse) for sum_ in (of.pence, of.passed, of.unsaid)))
        writer.writerow((cell(name), one.contracts, *(f"{pence / _PENCE:.2f}" for pence in sums)))
    return out.getvalue()
