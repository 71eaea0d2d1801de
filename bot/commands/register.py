"""desk register."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from bot.commands.register_words import (
    card,
    due_as_json,
    gaps_as_json,
    show_changes,
    show_gaps,
    show_missed,
    show_notes,
    summary,
)
from bot.commands.supply_words import show_supply, supply_as_csv, supply_as_json
from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line, plain
from bot.whole_files import whole
from bot.wiring import Wiring
from knowledge.audit import Deed, account
from knowledge.register.correcting import CORRECTABLE, correct, undo, wanted
from knowledge.register.exporting import export_register
from knowledge.register.gaps import gaps as gaps_of
from knowledge.register.holding import contracts, register_date
from knowledge.register.importing import Report, unread_rows
from knowledge.register.reading.file import MappingError, Read, read_register
from knowledge.register.reading.headings import OTHER
from knowledge.reviews import missed
from knowledge.supply.gathering import SupplyError, gather
from knowledge.takings.registers import take_register


@click.group(invoke_without_command=True)
@click.option("--json", "as_object", is_flag=True, help="The summary as one JSON object.")
@click.pass_context
def register(ctx: click.Context, as_object: bool) -> None:
    """Say how the contract register stands, import one, show a contract, put it right, find gaps, export."""
    if ctx.invoked_subcommand:
        return
    with Wiring(load_settings()).store.reading() as connection:
        held, day = contracts(connection), register_date(connection)
        problems = len(unread_rows(connection))
    told = summary(held, day, problems, _today())
    if as_object:
        print(json_line(told))
    elif not held:
        console.print("No register yet. Try: desk register import FILE")
    else:
        console.print(
            f"{told['contracts']:,} contracts: {told['in_force']:,} in force, {told['ended']:,} ended, "
            f"{told['to_come']:,} to come. Register of {day:%d/%m/%Y}; {told['missing']:,} missing from it."
        )
    if problems and not as_object:
        console.print(f"{problems:,} rows could not be taken: desk register problems")


@register.command(name="import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, field by field, and change nothing.")
@click.option("--complete", is_flag=True, help="FILE is the whole register: a contract it lacks has ended.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="HEADING=FIELD",
    help='What a heading means: "Lead=manager". FIELD "other" keeps the column with the row. Repeatable.',
)
@click.option("--json", "as_object", is_flag=True, help="The report as one JSON object.")
def import_(file: Path, dry_run: bool, complete: bool, maps: tuple[str, ...], as_object: bool) -> None:
    """Import a contract register: FILE is a CSV or XLSX as councils publish them, the LGA's headings or near ones.

    A second import is a difference. A row that cannot be read is named and kept (desk register problems); a contract
    that FILE lacks is missing, and with --complete ended. Exit code 1 if no contract could be read.
    """
    settings = load_settings()
    wiring = Wiring(settings)
    read = read_register(file, _settled(maps), wiring.limits)
    with wiring.store.writing() as connection:
        now = wiring.store.now(connection)
        report = take_register(connection, read, file.name, now, complete=complete)
        if dry_run:
            connection.rollback()
    if as_object:
        print(json_line(_as_json(report, read)))
    else:
        _show(report, read, file.name, dry_run, complete)
    if not report.rows:
        complain("no row could be taken, so the register stays as it was")
    sys.exit(0 if report.rows else 1)


def _settled(maps: tuple[str, ...]) -> dict[str, str]:
    settled = {}
    for one in maps:
        heading, found, field = one.rpartition("=")
        if not found or not heading.strip() or not field.strip():
            raise click.UsageError(f"--map {one!r} is not of the form HEADING=FIELD")
        settled[" ".join(heading.split())] = field.strip()
    if len({name for name in settled.values() if name != OTHER}) < sum(name != OTHER for name in settled.values()):
        raise MappingError("--map gives one field to two headings")
    return settled


def _as_json(report: Report, read: Read) -> dict[str, Any]:
    return {
        "rows": report.rows, "added": report.added, "changed": report.changed, "unchanged": report.unchanged,
        "missing": report.missing,
        "problems": [{"line": one.line, "reference": one.reference, "reason": one.reason} for one in read.problems],
        "unknown_headings": read.columns.unknown,
        "ambiguous_headings": {heading: list(fields) for heading, fields in read.columns.ambiguous.items()},
        "second_headings": read.columns.weaker,
        "changes": [
            {"reference": one.reference, "field": one.field, "before": one.before, "after": one.after}
            for one in report.changes
        ],
        "notes": read.notes,
    }  # fmt: skip


def _show(report: Report, read: Read, name: str, dry_run: bool, complete: bool) -> None:
    show_changes(report, everything=dry_run)
    show_notes(read)
    for one in read.problems[: None if dry_run else 50]:
        console.print(f"{clean(name)}, line {one.line}: {clean(one.reason)}", style="red", markup=False)
    if len(read.problems) > 50 and not dry_run:
        console.print(f"and {len(read.problems) - 50:,} rows more: desk register problems")
    lacked = "ended, not being in the file" if complete else "missing from the file"
    console.print(
        f"{'Would take' if dry_run else 'Took'} {report.rows:,} contracts: {report.added:,} added, "
        f"{report.changed:,} changed, {report.unchanged:,} unchanged; {report.missing:,} {lacked}; "
        f"{len(read.problems):,} rows named as problems."
    )


@register.command()
@click.argument("reference")
@click.option("--json", "as_object", is_flag=True, help="The contract as one JSON object.")
def show(reference: str, as_object: bool) -> None:
    """Show the contract with this REFERENCE."""
    with Wiring(load_settings()).store.reading() as connection:
        found = wanted(connection, reference)
    if as_object:
        about = found.contract.model_dump(mode="json")
        keys = (
            "reference", "title", "supplier", "start", "end", "review", "value", "department", "service", "manager",
            "manager_email", "director", "director_email", "delivered_by", "area", "sme", "vcse", "parent",
            "subcontractors", "payment_terms", "subcontractor_terms", "sme_share", "vcse_share",
        )  # fmt: skip
        print(json_line({key: None if about[key] == "" else about[key] for key in keys}))
        return
    card(found, _today())


@register.command(name="correct")
@click.argument("reference")
@click.argument("field", type=click.Choice(CORRECTABLE), metavar="FIELD")
@click.argument("value", required=False)
@click.option("--undo", "take_back", is_flag=True, help="Take the correction back: what the file says counts again.")
def correct_(reference: str, field: str, value: str | None, take_back: bool) -> None:
    """Put right one FIELD of the contract REFERENCE; the next import leaves it so. An empty VALUE ('') empties it."""
    if take_back is (value is not None):
        raise click.UsageError("give either a VALUE or --undo")
    store = Wiring(load_settings()).store
    with store.writing() as connection:
        after = undo(connection, reference, field) if take_back else correct(connection, reference, field, value or "")
        deed = Deed.UNDID if take_back else Deed.CHANGED
        account(connection, deed, "contract", after.contract.key, store.now(connection), counts={field: 1})
    now = getattr(after.contract, field)
    said = "empty" if now in (None, "") else str(now)
    console.print(f"{clean(after.contract.reference)}: {field} is {clean(said)}.", markup=False)


@register.command()
@click.option("--json", "as_list", is_flag=True, help="The rows as a JSON array, with their cells.")
def problems(as_list: bool) -> None:
    """List the rows of imported registers that could not be taken, with their reasons."""
    with Wiring(load_settings()).store.reading() as connection:
        found = unread_rows(connection)
    if as_list:
        rows = [
            {"file": file, "line": one.line, "reference": one.reference, "reason": one.reason, "cells": one.cells}
            for file, one in found
        ]
        print(json_line(rows))
        return
    table = Table("file", "line", "reference", "reason", box=None, header_style="dim")
    for file, one in found:
        table.add_row(plain(file), str(one.line), plain(one.reference), plain(one.reason))
    console.print(table if found else "Every row of every register could be taken.")


@register.command()
@click.option("--json", "as_object", is_flag=True, help="The gaps as one JSON object.")
def gaps(as_object: bool) -> None:
    """Say which contracts over £50,000 in force lack a manager, a director or a review date; by department too. And
    which contracts, whatever they are worth, have missed their review."""
    with Wiring(load_settings()).store.reading() as connection:
        found, late = gaps_of(contracts(connection), _today()), missed(connection, _today())
    if as_object:
        print(json_line({**gaps_as_json(found), "missed_reviews": [due_as_json(one) for one in late]}))
    else:
        show_gaps(found)
        show_missed(late)


@register.command()
@click.option("--directorate", default="", metavar="NAME", help="Of one directorate: its name, or how it begins.")
@click.option("--district", default="", metavar="NAME", help="Of the contracts that serve this district alone.")
@click.option("--json", "as_object", is_flag=True, help="The figures as one JSON object, sums in pence.")
@click.option("--csv", "file", type=click.Path(dir_okay=False, allow_dash=True), help='The table by district ("-").')
def supply(directorate: str, district: str, as_object: bool, file: str | None) -> None:
    """Say what share of what contracts are worth a year goes to SMEs and VCSEs, by district; what is said of
    sub-contractors and payment."""
    wiring = Wiring(load_settings())
    with wiring.store.reading() as connection:
        held = contracts(connection)
    try:
        found = gather(held, wiring.register.get(), _today(), directorate=directorate, district=district)
    except SupplyError as error:
        complain(str(error))
        sys.exit(1)
    if as_object:
        print(json_line(supply_as_json(found)))
    if file:
        with click.open_file(file, "w", encoding="utf-8" if file == "-" else "utf-8-sig") as stream:
            stream.write(supply_as_csv(found))
    if not as_object and not file:
        show_supply(found)


@register.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
def export(file: str) -> None:
    """Write the register to FILE ("-": the screen) as the LGA's columns and the desk's; it imports back the same.

    Contracts that ended because a complete register lacked them are left out.
    """
    store = Wiring(load_settings()).store
    with store.writing() as connection:
        found = [one.contract for one in contracts(connection) if not one.ended_on]
        account(connection, Deed.EXPORTED, "list", "register", store.now(connection), counts={"rows": len(found)})
    if file == "-":
        try:
            with open(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="") as stream:
                export_register(found, stream)
        except BrokenPipeError:
            sys.exit(1)
        return
    try:
        with whole(Path(file)) as stream:
            export_register(found, stream)
    except OSError as error:
        complain(f"{file}: {error.strerror or error}")
        sys.exit(1)
    console.print(f"{len(found):,} contracts in {clean(file)}.", markup=False)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the day where the desk stands
