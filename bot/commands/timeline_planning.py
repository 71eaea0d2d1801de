"""desk timeline ending, desk timeline clashes."""

from __future__ import annotations

import click
from rich.table import Table

from bot.settings import load_settings
from bot.terminal import console, json_line, plain
from bot.wiring import Wiring
from handlers.intentions import clashes as clash_words
from handlers.intentions import ending as ending_words
from knowledge.timeline.clashing import clashes as find_clashes
from knowledge.timeline.ending import ending as find_ending


@click.command()
@click.option("--json", "as_list", is_flag=True, help="The contracts as a JSON array.")
def ending(as_list: bool) -> None:
    """List the contracts that end soon (DESK_ENDING_WITHIN) and that no intention follows, the soonest first."""
    desk = Wiring(load_settings()).desk
    with desk.store.reading() as connection:
        found = find_ending(connection, desk.day, desk.ending_within)
    if as_list:
        print(json_line([ending_words.as_json(one) for one in found]))
        return
    table = Table("contract", "title", "provider", "ends", "value", box=None, header_style="dim")
    for one in found:
        said = (one.contract.reference, one.contract.title, one.contract.supplier)
        table.add_row(*map(plain, (*said, ending_words.end_words(one), ending_words.value_words(one))))
    console.print(
        table if found else f"An intention follows every contract that ends within {desk.ending_within} months."
    )


@click.command()
@click.option("--json", "as_list", is_flag=True, help="The pairs as a JSON array.")
def clashes(as_list: bool) -> None:
    """List the tenders for the same market that come out within six weeks of each other, in pairs."""
    desk = Wiring(load_settings()).desk
    with desk.store.reading() as connection:
        found = find_clashes(connection, desk.day)
    if as_list:
        print(json_line([clash_words.as_json(one) for one in found]))
        return
    table = Table("first", "then", "how near", "market", "where", box=None, header_style="dim")
    for one in found:
        pair = (f"{each.reference} {each.title}, {clash_words.when_of(each)}" for each in (one.one, one.other))
        said = (clash_words.near_words(one), clash_words.market_words(one), clash_words.where_words(one))
        table.add_row(*map(plain, (*pair, *said)))
    console.print(table if found else "No two tenders for the same market come out within six weeks of each other.")
