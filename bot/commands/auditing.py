"""desk audit."""

from __future__ import annotations

import csv
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line, plain
from bot.whole_files import whole
from bot.wiring import Wiring
from handlers.auditing import Asked, Line, Page, everything, page
from knowledge.audit import Deed
from knowledge.register.exporting import cell
from knowledge.workdays import LONDON

_DAY = click.DateTime(["%Y-%m-%d"])
_COLUMNS = ("number", "at", "by", "party", "deed", "kind", "about", "counts")


@click.command()
@click.option("--since", type=_DAY, help="From this day on, as 2026-11-23.")
@click.option("--until", type=_DAY, help="Up to this day, with it.")
@click.option("--kind", default="", help="Only what was done to one kind of thing: concern, list, setting, page ...")
@click.option("--about", default="", metavar="REF", help="Only what was done to this: C-0012, E-3, MCC-0002, register.")
@click.option(
    "--by", default="", metavar="EMAIL", help='Only what they did; "desk": the command line, the desk itself.'
)
@click.option("--deed", default="", type=click.Choice(["", *(one.value for one in Deed)]), help="Only this.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Rows shown.")
@click.option("--before", type=click.IntRange(1, 10**18), metavar="NUMBER", help="Only rows older than this: for more.")
@click.option("--json", "as_object", is_flag=True, help="The rows as one JSON object.")
@click.option("--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write every row that fits here.")
def audit(
    since: datetime | None, until: datetime | None, kind: str, about: str, by: str, deed: str, limit: int,
    before: int | None, as_object: bool, file: Path | None,
) -> None:  # fmt: skip
    """Say who saw, moved, exported, erased, imported and changed what, newest first. That you read it is written down.

    Somebody whom the record has forgotten is "forgotten (party 12)". With --json: `total` (rows that fit), `older` (the
    number for --before, null where there are no more), `rows`: each `number`, `at` (a moment in UTC), `by` (an address,
    null for the command line and the desk itself), `party`, `deed`, `kind`, `about`, `counts`.
    """
    wiring = Wiring(load_settings())
    asked = Asked(_date(since), _date(until), deed, kind, about, by, before)
    if file:
        _write(wiring, asked, file)
        return
    found = page(wiring.desk, asked, limit)
    if as_object:
        print(json_line({"total": found.total, "older": found.older, "rows": [_as_json(one) for one in found.lines]}))
    else:
        _show(found)


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _write(wiring: Wiring, asked: Asked, file: Path) -> None:
    """Every row that fits, as CSV."""
    count = 0
    try:
        with whole(file) as stream:
            writer = csv.writer(stream)
            writer.writerow(_COLUMNS)
            for one in everything(wiring.desk, asked):
                about = (one.by, one.party or "", one.deed, one.kind, one.about, one.counted)
                writer.writerow([str(one.id), one.at.isoformat(), *(cell(str(said)) for said in about)])
                count += 1
    except OSError as error:
        complain(f"{file}: {error.strerror or error}")
        sys.exit(1)
    console.print(f"{count:,} rows in {clean(str(file))}.", markup=False)


def _show(found: Page) -> None:
    if not found.lines:
        console.print("Nothing fits.")
        return
    table = Table("", "when", "by", "deed", "what", "how much", box=None, header_style="dim")
    for one in found.lines:
        when = f"{one.at.astimezone(LONDON):%d %b %Y %H:%M}"
        cells = (when, one.by or "command line or desk", one.deed.replace("_", " "), one.what, one.counted)
        table.add_row(str(one.id), *map(plain, cells))
    console.print(table)
    if found.older is not None:
        shown = f"{len(found.lines):,} of {found.total:,} rows that fit; older ones:"
        console.print(f"{shown} --before {found.older}", style="dim", markup=False)


def _as_json(one: Line) -> dict[str, Any]:
    return {
        "number": one.id, "at": one.at.isoformat(), "by": one.by or None, "party": one.party, "deed": one.deed,
        "kind": one.kind, "about": one.about, "counts": one.counts,
    }  # fmt: skip
