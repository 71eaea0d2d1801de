"""desk retention."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from bot.logs import set_up_logs
from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line, plain
from bot.wiring import Wiring
from handlers import retention as handler
from knowledge.retention.erasures import Erasures, ErasuresError

_BACKUPS = "backups, which the council makes: nothing in them can be erased"


@click.group(invoke_without_command=True)
@click.option("--json", "as_object", is_flag=True, help="The table as one JSON object.")
@click.pass_context
def retention(ctx: click.Context, as_object: bool) -> None:
    """Say what is kept, where, how long, and by which setting; or clear now what is over its time.

    With --json: `kept` (objects of `name`, `what`, `where`, `setting`, `kept`, `since`), `stays` (`what`, `where`,
    `why`), `backups` (`setting`, `kept`) and `erasures`, the file with the numbers of what was erased.
    """
    if ctx.invoked_subcommand:
        return
    wiring = Wiring(load_settings())
    backups = {"setting": "DESK_BACKUPS_KEPT", "kept": wiring.desk.kept.words("backups")}
    erasures = str(wiring.desk.erasures.path)
    if as_object:
        rows = {"kept": handler.kept(wiring.desk), "stays": handler.staying()}
        print(json_line({**rows, "backups": backups, "erasures": erasures}))
        return
    table = Table("what", "kept for", "from when", "setting", box=None, header_style="dim")
    for row in handler.kept(wiring.desk):
        table.add_row(row["what"], row["kept"], row["since"], plain(row["setting"]))
    table.add_row(_BACKUPS, backups["kept"], "they are made", plain(backups["setting"]))
    console.print(table)
    console.print("\nWhat stays", style="bold")
    for row in handler.staying():
        console.print(f"  {row['what']}: {row['why']}", markup=False, soft_wrap=True)
    console.print(f"\nWhat was erased is listed, by numbers, in {clean(erasures)}", style="dim", markup=False)


@retention.command()
@click.option("--dry-run", is_flag=True, help="Say how much would be cleared, and clear nothing.")
@click.option(
    "--erased", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, metavar="FILE",
    help="A list of erasures kept elsewhere, for a record that was restored from a backup.",
)  # fmt: skip
@click.option("--json", "as_object", is_flag=True, help="How much of each kind, as one JSON object.")
def run(dry_run: bool, erased: Path | None, as_object: bool) -> None:
    """Clear what is over its time, as the worker does several times a day, and erase again what a restored backup has
    brought back. With --json: how much of each kind, and `problem` (what could not be done, or null)."""
    settings = load_settings()
    set_up_logs(settings.log_level)
    wiring = Wiring(settings)
    try:
        more = Erasures(erased).all() if erased else []
        counts, problem = handler.rehearse(wiring.desk, more) if dry_run else handler.run(wiring.desk, more)
    except ErasuresError as error:
        raise click.ClickException(str(error)) from None
    if as_object:
        print(json_line({**counts, "problem": problem or None}))
        return
    _show(counts, dry_run)
    if problem:
        complain(problem)


def _show(counts: dict[str, int], dry_run: bool) -> None:
    some = {name: count for name, count in counts.items() if count}
    if not some:
        console.print("Nothing is over its time.")
    for name, count in some.items():
        console.print(f"{name}: {count:,} {'would be ' if dry_run else ''}cleared", markup=False)
