"""desk digest."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click
from rich.table import Table

from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line, plain
from bot.wiring import Wiring
from handlers.desk import utc_now
from knowledge.audit import Deed, account
from knowledge.documents.index import ensure_index
from knowledge.questions.bringing import Brought, bring
from knowledge.questions.learnt import live, retire
from knowledge.store import Rehearsal


@click.group(invoke_without_command=True)
@click.option("--json", "as_list", is_flag=True, help="The council's own entries as a JSON array.")
@click.pass_context
def digest(ctx: click.Context, as_list: bool) -> None:
    """List what the council has added to the digest, and how much the pack brings for each paper."""
    if ctx.invoked_subcommand:
        return
    wiring = Wiring(load_settings())
    with wiring.store.reading() as connection:
        own = live(connection)
    if as_list:
        print(json_line([one.model_dump(mode="json") for one in own]))
        return
    for paper, count in sorted(Counter(entry.document for entry in wiring.pack.digest).items()):
        console.print(f"{clean(paper)}: {count:,} entries of the pack", markup=False, style="dim")
    if not own:
        console.print("None of the council's own yet. Try: desk digest import FILE --dry-run")
        return
    table = Table("id", "rests on", "says", "by", "review on", box=None, header_style="dim")
    for one in own:
        place = f"{one.document}, {one.locator}" if one.document else "officer's answer"
        table.add_row(*map(plain, (one.id, place, one.digest[:80], one.by or "a file", str(one.review_on or ""))))
    console.print(table)


@digest.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be taken.")
@click.option("--json", "as_object", is_flag=True, help="What came of it as one JSON object.")
def import_(file: Path, dry_run: bool, as_object: bool) -> None:
    """Add the entries of FILE, JSON lines: id, document, locator, digest (a plain sentence), asks (ways of asking).

    One whose id is there is changed. A bad line is named and the rest is taken; exit code 1 if there was one.
    """
    wiring = Wiring(load_settings())
    store = Rehearsal(wiring.store) if dry_run else wiring.store
    with store.writing() as connection:
        told = bring(connection, file, utc_now())
        counts = {"added": len(told.added), "changed": len(told.changed), "problems": len(told.problems)}
        account(connection, Deed.IMPORTED, "list", "digest", utc_now(), counts=counts)
    if not dry_run:
        ensure_index(wiring.store, wiring.pack, wiring.settings.index_path)
    if as_object:
        print(json_line({**vars(told), "dry_run": dry_run}))
    else:
        _show(told, file.name, dry_run)
    sys.exit(1 if told.problems else 0)


@digest.command("retire")
@click.argument("id")
def retire_(id: str) -> None:
    """Answer nobody any more with the council's own entry ID."""
    wiring = Wiring(load_settings())
    with wiring.store.writing() as connection:
        gone = retire(connection, id)
        if gone:
            account(connection, Deed.CHANGED, "entry", id, utc_now())
    if not gone:
        raise click.ClickException(f"there is no entry {id!r} of the council's own; `desk digest` lists them")
    ensure_index(wiring.store, wiring.pack, wiring.settings.index_path)
    console.print(f"{clean(id)} is retired.", markup=False)


def _show(told: Brought, name: str, dry_run: bool) -> None:
    for number, reason in told.problems:
        complain(f"{name}, line {number}: {clean(reason)}")
    counted = f"{len(told.added)} added, {len(told.changed)} changed, {len(told.unchanged)} as they were"
    console.print(f"{counted}, {len(told.problems)} not taken.{' Nothing was changed.' if dry_run else ''}")
