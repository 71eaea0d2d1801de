"""desk subscriptions."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from sqlalchemy.engine import Connection

from bot.commands import subscription_moves as moves
from bot.commands import suppression
from bot.commands.subscription_words import as_json, brought_as_json, card, grid
from bot.settings import load_settings
from bot.terminal import console, json_line
from bot.wiring import Wiring
from handlers.subscriptions import saying
from knowledge.subscriptions import record
from knowledge.subscriptions.lately import Brought, brought_since
from knowledge.subscriptions.nouns import Subscription

_SHOWN = 200


@click.group(invoke_without_command=True)
@click.option("--all", "ended", is_flag=True, help="Those that have ended, too.")
@click.option("--json", "as_list", is_flag=True, help="The list as a JSON array.")
@click.pass_context
def subscriptions(ctx: click.Context, ended: bool, as_list: bool) -> None:
    """List who is told of what, and how; show, confirm, pause, resume and end one. ID is 12 or S-12."""
    if ctx.invoked_subcommand is not None:
        return
    with Wiring(load_settings()).store.reading() as connection:
        found = record.every_subscription(connection, ended=ended)
    if as_list:
        print(json_line([as_json(one) for one in found]))
    elif found:
        console.print(grid(found[:_SHOWN]))
        if len(found) > _SHOWN:
            console.print(f"and {len(found) - _SHOWN:,} more: desk subscriptions --json", style="dim")
    else:
        console.print('Nobody has asked for anything yet. Try: desk subscribe --email ADDRESS "home care in Thanet"')


@subscriptions.command()
@click.argument("id")
@click.option("--json", "as_object", is_flag=True, help="The subscription as one JSON object, with what it brought.")
def show(id: str, as_object: bool) -> None:
    """Show the subscription ID, and what it brought in the last 30 days."""
    wiring = Wiring(load_settings())
    with wiring.store.reading() as connection:
        one = moves.one_of(connection, id)
        brought = _brought(connection, one, wiring.store.now(connection))
    if as_object:
        print(json_line({**as_json(one), "brought": brought_as_json(brought)}))
    else:
        card(one, brought)


def _brought(connection: Connection, one: Subscription, now: datetime) -> list[Brought]:
    return brought_since(connection, [one.id], now - timedelta(days=saying.LATELY)).get(one.id, [])


for command in (moves.confirm, moves.confirm_link, moves.pause, moves.resume, moves.end):
    subscriptions.add_command(command)
subscriptions.add_command(suppression.suppress)
subscriptions.add_command(suppression.allow)
