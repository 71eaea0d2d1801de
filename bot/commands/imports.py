"""desk imports."""

from __future__ import annotations

from typing import Any

import click
from rich.table import Table

from bot.settings import load_settings
from bot.terminal import clean, console, json_line, plain
from bot.wiring import Wiring
from knowledge.parties import address_of
from knowledge.takings.nouns import Effect
from knowledge.takings.record import takings, why_not
from knowledge.takings.undoing import undo

_SHOWN = 50


@click.group(invoke_without_command=True)
@click.option("--json", "as_list", is_flag=True, help="The files as a JSON array.")
@click.pass_context
def imports(ctx: click.Context, as_list: bool) -> None:
    """List the files that were taken in, the newest first, or undo one."""
    if ctx.invoked_subcommand:
        return
    wiring = Wiring(load_settings())
    with wiring.store.reading() as connection:
        now, kept = wiring.store.now(connection), wiring.settings.undo_kept
        found = [
            {
                "number": one.id, "list": one.kind.value, "file": one.source, "by": address_of(connection, one.made_by),
                "at": one.made_at.isoformat(timespec="seconds"), "counts": one.counts,
                "undone": one.undone_at.isoformat(timespec="seconds") if one.undone_at else None,
                "cannot_undo": why_not(connection, one, now, kept),
            }
            for one in takings(connection)
        ]  # fmt: skip
    if as_list:
        print(json_line(found))
        return
    table = Table("number", "list", "file", "by", "at", "undo", box=None, header_style="dim")
    for row in found:
        cells = (row["number"], row["list"], row["file"], row["by"] or "the command line", row["at"])
        table.add_row(*(plain(str(cell)) for cell in (*cells, row["cannot_undo"] or "can be undone")))
    console.print(table if found else "Nothing was taken in yet.")


@imports.command(name="undo")
@click.argument("number", type=int)
@click.option("--dry-run", is_flag=True, help="Say what would be put back, and change nothing.")
@click.option("--json", "as_object", is_flag=True, help="What is put back, as one JSON object.")
def undo_(number: int, dry_run: bool, as_object: bool) -> None:
    """Put back what was there before the import of this NUMBER (desk imports lists them).

    Refused where something has changed since that would be lost. Who was told of a timeline's file cannot be untold:
    what it brought is withdrawn, what it changed is put back with the reason, and what has not gone yet is stopped.
    """
    wiring = Wiring(load_settings())
    with wiring.store.writing() as connection:
        now, kept = wiring.store.now(connection), wiring.settings.undo_kept
        one, effect = undo(connection, number, now, wiring.buyers, kept=kept)
        if dry_run:
            connection.rollback()
    if as_object:
        print(json_line(_as_json(number, effect)))
        return
    _show(effect)
    counted = ", ".join(f"{count:,} {name}" for name, count in effect.counts.items()) or "nothing changes"
    console.print(
        f"{'Would undo' if dry_run else 'Undid'} import {number} ({clean(one.source)}): {counted}.", markup=False
    )


def _show(effect: Effect) -> None:
    for line in effect.lines[:_SHOWN]:
        console.print(clean(f"{line.about}: {line.what}: {line.before or '-'} -> {line.after or '-'}"), markup=False)
    if len(effect.lines) > _SHOWN:
        console.print(f"and {len(effect.lines) - _SHOWN:,} more: --json", style="dim")
    for note in effect.notes:
        console.print(clean(note), markup=False)


def _as_json(number: int, effect: Effect) -> dict[str, Any]:
    about = effect.model_dump(mode="json", include={"counts", "lines", "notes"})
    return {"number": number, **about, "told": len(effect.told)}
