"""desk status."""

from __future__ import annotations

import sys

import click
from rich.table import Table

from bot.looking import judged, look
from bot.settings import load_settings
from bot.terminal import console, json_line, plain
from bot.wiring import Wiring
from knowledge.status.judging import all_well
from knowledge.status.nouns import Line


@click.command()
@click.option("--json", "as_object", is_flag=True, help="The lines and the figures behind them, as one JSON object.")
def status(as_object: bool) -> None:
    """How the desk does now: what waits and since when, what is parked, late or silent, and what to do about it.
    Exit code 1 while something is not well."""
    wiring = Wiring(load_settings())
    found = look(wiring)
    lines = judged(wiring, found)
    well = all_well(lines)
    if as_object:
        figures, machine = (one.model_dump(mode="json") for one in found)
        said = [one.model_dump() for one in lines]
        print(json_line({"well": well, "lines": said, "figures": figures, "machine": machine}))
    else:
        console.print(_grid(lines))
        console.print("All is well." if well else "Not all is well.", markup=False)
    sys.exit(0 if well else 1)


def _grid(lines: list[Line]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in lines:
        said = plain(line.said) if line.well else f"{plain(line.said)}\n[bold]{plain(line.do)}[/]"
        table.add_row("[green]ok[/]" if line.well else "[red]!![/]", plain(line.name), said)
    return table
