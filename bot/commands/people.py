"""desk people."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.table import Table

from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line, plain
from bot.wiring import Wiring
from knowledge.people import lacking_contacts, list_people, read_people
from knowledge.takings.lists import take_people


@click.group(invoke_without_command=True)
@click.option("--json", "as_list", is_flag=True, help="The list as a JSON array.")
@click.pass_context
def people(ctx: click.Context, as_list: bool) -> None:
    """List the people the desk knows, or import the list."""
    if ctx.invoked_subcommand:
        return
    with Wiring(load_settings()).store.reading() as connection:
        found = list_people(connection)
    if as_list:
        rows = [{**one.model_dump(mode="json", exclude={"roles"}), "roles": sorted(one.roles)} for one in found]
        print(json_line(rows))
        return
    table = Table("name", "email", "slack", "roles", box=None, header_style="dim")
    for one in found:
        table.add_row(plain(one.name), plain(one.email), one.slack_id, ", ".join(sorted(one.roles)))
    console.print(table if found else "Nobody is listed yet. Try: desk people import FILE")


@people.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--json", "as_object", is_flag=True, help="The report as one JSON object.")
def import_(file: Path, dry_run: bool, as_object: bool) -> None:
    """Make FILE the people list: a CSV with email,slack_id,name,role,division,directorate,deputy,away_from,away_to.

    Needed are role, and one of email and slack_id; several rows give several roles. Whoever is not in FILE loses
    their roles at their next message.
    """
    wiring = Wiring(load_settings())
    found = read_people(file)
    came = went = 0
    if found.rows:
        with wiring.store.writing() as connection:
            came, went = take_people(connection, found, file.name, wiring.store.now(connection))
            if dry_run:
                connection.rollback()
    problems = [{"line": line, "reason": reason} for line, reason in found.problems]
    if as_object:
        print(json_line({"rows": len(found.rows), "added": came, "removed": went, "problems": problems}))
    else:
        done = "Would take" if dry_run else "Took"
        console.print(f"{done} {len(found.rows)} rows: {came} new, {went} gone.")
        for line, reason in found.problems:
            console.print(f"{clean(file.name)}, line {line}: {clean(reason)}", style="red", markup=False)
    if found.rows and (lacking := lacking_contacts(row.role for row in found.rows)):
        complain(f"this list names {lacking}: what serves Members does not start with it")
    if not found.rows:
        complain("no row could be taken, so the list stays as it was")
    sys.exit(0 if found.rows else 1)
