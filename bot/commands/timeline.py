"""desk timeline."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from bot.commands.timeline_planning import clashes, ending
from bot.commands.timeline_poll import poll
from bot.commands.timeline_words import as_json, card, one_as_json, problem_as_json, show_report
from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line, plain
from bot.wiring import Wiring
from knowledge.audit import Deed, account
from knowledge.register.importing import unread_rows
from knowledge.takings.timelines import take_timeline
from knowledge.timeline.changing import change, restore, withdraw
from knowledge.timeline.entry import Entry
from knowledge.timeline.history import everything, whole
from knowledge.timeline.importing import LIST, is_first
from knowledge.timeline.reading.fields import read_field
from knowledge.timeline.reading.file import read_timeline
from knowledge.timeline.reading.template import template_xlsx, write_template


@click.group(invoke_without_command=True)
@click.pass_context
def timeline(ctx: click.Context) -> None:
    """The timeline of commissioning intentions: import, list, show, change, withdraw, poll."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@timeline.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--own", "own_only", is_flag=True, help="Only notices of the council's own (DESK_BUYERS).")
@click.option("--dry-run", is_flag=True, help="Say what would change and who would hear of it; change nothing.")
@click.option("--announce", is_flag=True, help="Tell those who subscribed, though it is the first import.")
@click.option("--json", "as_object", is_flag=True, help="The report as one JSON object.")
def import_(file: Path, own_only: bool, dry_run: bool, announce: bool, as_object: bool) -> None:
    """Import intentions and notices: FILE is the desk's template (desk timeline template), a CSV export of Contracts
    Finder, or OCDS releases or records as JSON.

    The same file once more changes nothing. A record that cannot be taken is named and kept (desk timeline problems).
    Whoever subscribed hears of what is new to them; the first import tells nobody unless asked to (--announce).
    Exit code 1 if no record could be taken.
    """
    wiring = Wiring(load_settings())
    if own_only and not wiring.buyers.settled:
        raise click.UsageError("--own needs DESK_BUYERS: the council as feeds write it")
    if not as_object:
        console.print(f"Reading {clean(file.name)} ...", style="dim", markup=False)
    read = read_timeline(file, wiring.limits)
    with wiring.store.writing() as connection:
        now, notify = wiring.store.now(connection), announce or not is_first(connection)
        report, _ = take_timeline(
            connection, read, now, wiring.buyers, source=file.name, own_only=own_only, announce=notify or dry_run
        )
        report.quiet = not notify
        if dry_run:
            connection.rollback()
    if as_object:
        print(json_line(as_json(report)))
    else:
        show_report(report, read.notes, file.name, dry_run=dry_run)
    taken = report.added + report.changed + report.unchanged
    sys.exit(0 if taken or not report.records else 1)


@timeline.command(name="list")
@click.option("--own", "own_only", is_flag=True, help="Only the council's own.")
@click.option("--json", "as_list", is_flag=True, help="The intentions as a JSON array, with their notices.")
def list_(own_only: bool = False, as_list: bool = False) -> None:
    """List the intentions held, the newest change first; what waits for its notice as well."""
    wiring = Wiring(load_settings())
    with wiring.store.reading() as connection:
        found = list(everything(connection, wiring.store.now(connection), own_only=own_only))
    if as_list:
        print(json_line([one_as_json(one) for one in found]))
        return
    if not found:
        console.print("No intentions yet. Try: desk timeline import FILE, or: desk timeline template FILE")
        return
    table = Table("reference", "title", "stage", "next", "buyer", "", box=None, header_style="dim")
    for one in found[:200]:
        about = one_as_json(one)
        waits = "waits" if about["held"] else ""
        next_ = str(about["next"] or "")
        table.add_row(*(plain(str(cell or "")) for cell in (
            about["reference"], about["title"], about["stage"], next_, "" if about["own"] else about["buyer"], waits
        )))  # fmt: skip
    console.print(table)
    if len(found) > 200:
        console.print(f"and {len(found) - 200:,} more: desk timeline list --json", style="dim")


@timeline.command()
@click.argument("reference")
@click.option("--json", "as_object", is_flag=True, help="The intention as one JSON object, with its history.")
def show(reference: str, as_object: bool) -> None:
    """Show the intention with this REFERENCE: what it says, its notices, its history with reasons."""
    wiring = Wiring(load_settings())
    with wiring.store.reading() as connection:
        found = whole(connection, reference, wiring.store.now(connection))
    if found is None:
        complain(f"there is no intention {reference}")
        sys.exit(1)
    if as_object:
        print(json_line(one_as_json(found, history=True)))
    else:
        card(found)


@timeline.command()
@click.option("--json", "as_list", is_flag=True, help="The records as a JSON array.")
def problems(as_list: bool) -> None:
    """List the records that could not be taken, with their reasons."""
    with Wiring(load_settings()).store.reading() as connection:
        found = unread_rows(connection, LIST)
    if as_list:
        print(json_line([{"file": file, **problem_as_json(one)} for file, one in found]))
        return
    table = Table("file", "record", "reference", "reason", box=None, header_style="dim")
    for file, one in found:
        table.add_row(plain(file), str(one.line), plain(one.reference), plain(one.reason))
    console.print(table if found else "Every record could be taken.")


@timeline.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def template(file: Path) -> None:
    """Write the desk's template to FILE (.csv or .xlsx), with examples, to be filled in and imported."""
    try:
        if file.suffix.lower() == ".xlsx":
            template_xlsx(file)
        else:
            with file.open("w", encoding="utf-8-sig", newline="") as stream:
                write_template(stream)
    except OSError as error:
        complain(f"{file}: {error.strerror or error}")
        sys.exit(1)
    console.print(f"{clean(str(file))}: fill it in, then: desk timeline import {clean(str(file))}", markup=False)


timeline.add_command(poll)
timeline.add_command(ending)
timeline.add_command(clashes)

_REASON = click.option("--reason", default="", help="Why, in plain words: everybody reads it.")


@timeline.command(name="change")
@click.argument("reference")
@click.argument("field")
@click.argument("value")
@_REASON
def change_(reference: str, field: str, value: str, reason: str) -> None:
    """Change one FIELD (a column of the template) of the intention REFERENCE to VALUE; '' empties it."""
    _moved(change, reference, read_field(field, value), reason)


@timeline.command(name="withdraw")
@click.argument("reference")
@_REASON
def withdraw_(reference: str, reason: str) -> None:
    """Withdraw the intention REFERENCE: it stays on the page, marked, with the reason. Undo: desk timeline restore."""
    _moved(withdraw, reference, reason)


@timeline.command(name="restore")
@click.argument("reference")
@_REASON
def restore_(reference: str, reason: str) -> None:
    """Take a withdrawn intention up again, with the reason."""
    _moved(restore, reference, reason)


def _moved(move: Callable[..., Entry], reference: str, *said: Any) -> None:
    """Makes a change of an intention, and says how it stands."""
    wiring = Wiring(load_settings())
    with wiring.store.writing() as connection:
        now = wiring.store.now(connection)
        entry = move(connection, reference, *said, now, wiring.buyers)
        account(connection, Deed.CHANGED, "intention", entry.reference, now, counts={"version": entry.version})
    console.print(f"{clean(entry.reference)} is at version {entry.version}. {clean(entry.held)}".strip(), markup=False)
