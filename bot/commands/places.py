"""desk places."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.table import Table

from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line, plain
from bot.wiring import Wiring
from knowledge.places import places as places_of
from knowledge.places import read_places
from knowledge.takings.lists import take_places


@click.group(invoke_without_command=True)
@click.option("--json", "as_list", is_flag=True, help="The places as a JSON array.")
@click.pass_context
def places(ctx: click.Context, as_list: bool) -> None:
    """List the places of the county and their districts, or import the list."""
    if ctx.invoked_subcommand:
        return
    with Wiring(load_settings()).store.reading() as connection:
        found = places_of(connection)
    if as_list:
        print(json_line([{"place": one.name, "kind": one.kind, "district": one.district} for one in found]))
        return
    table = Table("place", "kind", "district", box=None, header_style="dim")
    for one in found:
        table.add_row(plain(one.name), plain(one.kind), plain(one.district))
    console.print(table if found else "No places yet. Try: desk places import FILE")


@places.command(name="import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--json", "as_object", is_flag=True, help="The report as one JSON object.")
def import_(file: Path, dry_run: bool, as_object: bool) -> None:
    """Make FILE the list of places: a CSV (or XLSX) with place, kind and district. A place may lie in two districts."""
    wiring = Wiring(load_settings())
    found = read_places(file, wiring.limits)
    with wiring.store.writing() as connection:
        did = take_places(connection, found, file.name, wiring.store.now(connection))
        if dry_run:
            connection.rollback()
    rows = len(found.places)
    if as_object:
        problems = [{"line": one.line, "reference": one.reference, "reason": one.reason} for one in found.problems]
        counts = {"added": did.added, "changed": did.changed, "unchanged": did.unchanged, "missing": did.missing}
        print(json_line({"rows": rows, **counts, "problems": problems}))
    else:
        console.print(
            f"{'Would take' if dry_run else 'Took'} {rows:,} places: {did.added:,} added, {did.changed:,} changed, "
            f"{did.unchanged:,} unchanged, {did.missing:,} gone."
        )
        for one in found.problems:
            console.print(f"{clean(file.name)}, line {one.line}: {clean(one.reason)}", style="red", markup=False)
    if not rows:
        complain("no row could be taken, so the list stays as it was")
    sys.exit(0 if rows else 1)
