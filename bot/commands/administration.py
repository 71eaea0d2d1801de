"""desk migrate, desk settings."""

from __future__ import annotations

import click
from rich.table import Table

from bot.settings import Settings, load_settings, shown, variable
from bot.terminal import console, json_line, plain
from knowledge.store import HEAD, Store, safe_url


@click.command()
@click.option("--json", "as_object", is_flag=True, help="The versions before and after, as JSON.")
def migrate(as_object: bool) -> None:
    """Bring an older record to this version of the desk. Safe to run again, and while the desk serves."""
    store = Store(load_settings().store_url)
    before = store.migrate()
    if as_object:
        print(json_line({"before": before, "after": HEAD}))
    else:
        console.print(f"{safe_url(store.url)}: version {before or 'none'} -> {HEAD}", markup=False)


@click.command()
@click.option("--json", "as_object", is_flag=True, help="The settings as one JSON object.")
def settings(as_object: bool) -> None:
    """Print every setting with its value, secrets masked."""
    now = load_settings()
    values = {variable(name): shown(getattr(now, name)) for name in Settings.model_fields}
    if as_object:
        print(json_line(values))
        return
    table = Table("setting", "value", "what it is", box=None, header_style="dim")
    for name, field in Settings.model_fields.items():
        table.add_row(variable(name), plain(values[variable(name)]), field.description or "")
    console.print(table)
