"""desk subscriptions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NoReturn

import click
from sqlalchemy.engine import Connection

from bot.alert_links import confirm_path
from bot.commands import suppression
from bot.commands.subscription_words import as_json, brought_as_json, card, grid
from bot.settings import Settings, load_settings
from bot.terminal import complain, console, json_line
from bot.wiring import Wiring
from handlers.subscriptions import saying
from knowledge.subscriptions import confirming, record
from knowledge.subscriptions.lately import Brought, brought_since, passed_by
from knowledge.subscriptions.nouns import State, Subscription, number_of

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
        one = _one(connection, id)
        brought = _brought(connection, one, wiring.store.now(connection))
    if as_object:
        print(json_line({**as_json(one), "brought": brought_as_json(brought)}))
    else:
        card(one, brought)


@subscriptions.command()
@click.argument("id")
def confirm(id: str) -> None:
    """Agree to the subscription ID in its reader's place: only on a desk whose channel is the screen."""
    wiring = Wiring(load_settings())
    if wiring.desk.channels != frozenset({"screen"}):
        _stop(
            f"whoever it is for agrees to it themselves; for a link to give them: desk subscriptions confirm-link {id}"
        )

    def agreed(connection: Connection, one: Subscription, now: datetime) -> str:
        if one.state is State.ENDED:
            _stop(f"{one.reference} has ended")
        return f"{one.reference} is {'on' if record.agree(connection, one.id, now) else 'on already'}."

    _moved(wiring, id, agreed)


@subscriptions.command(name="confirm-link")
@click.argument("id")
def confirm_link(id: str) -> None:
    """Print the link by which the subscription ID is agreed to. Links made before work no more."""
    settings = load_settings(needs=("secret_key",))
    if not settings.url:
        raise click.UsageError("A link needs DESK_URL, the desk's public address.")
    wiring = Wiring(settings)
    with wiring.store.writing() as connection:
        one = _one(connection, id)
        if one.state is not State.UNCONFIRMED:
            _stop(f"{one.reference} waits for nobody: {saying.state_words(one).lower()}")
        link = confirming.make(connection, one, wiring.desk.now())
    print(_address(settings, link, wiring.desk.now()))


def _address(settings: Settings, link: str, now: datetime) -> str:
    return settings.url + confirm_path(settings.secret_key.get_secret_value(), link, now)


@subscriptions.command()
@click.argument("id")
def pause(id: str) -> None:
    """Pause the subscription ID: nothing is told until it is resumed."""

    def paused(connection: Connection, one: Subscription, now: datetime) -> str:
        if not record.pause(connection, one.id, now) and one.state is not State.PAUSED:
            _stop(f"{one.reference} is not on: {saying.state_words(one).lower()}")
        return f"{one.reference} is paused."

    _moved(Wiring(load_settings()), id, paused)


@subscriptions.command()
@click.argument("id")
def resume(id: str) -> None:
    """Take the subscription ID up again; says how many changes passed by, none of which is sent."""
    wiring = Wiring(load_settings())

    def resumed(connection: Connection, one: Subscription, now: datetime) -> str:
        if not record.resume(connection, one.id, now):
            if one.state is not State.ACTIVE:
                _stop(f"{one.reference} is not paused: {saying.state_words(one).lower()}")
            return f"{one.reference} is on already."
        missed = len(passed_by(connection, one, one.paused_at or one.since, wiring.desk.day))
        return f"{one.reference} is on again. {missed:,} passed by meanwhile, and none of that is sent."

    _moved(wiring, id, resumed)


@subscriptions.command()
@click.argument("id")
def end(id: str) -> None:
    """End the subscription ID for good."""

    def ended(connection: Connection, one: Subscription, now: datetime) -> str:
        return (
            f"{one.reference} {'is ended' if record.end(connection, one.id, 'deleted', now) else 'has ended before'}."
        )

    _moved(Wiring(load_settings()), id, ended)


def _moved(wiring: Wiring, id: str, move: Callable[[Connection, Subscription, datetime], str]) -> None:
    with wiring.store.writing() as connection:
        said = move(connection, _one(connection, id), wiring.desk.now())
    console.print(said, markup=False)


def _one(connection: Connection, id: str) -> Subscription:
    """The subscription that is meant. Stops where there is none."""
    number = number_of(id)
    if number is None:
        raise click.BadParameter(f"{id!r} is no subscription: 12, or S-12", param_hint="ID")
    found = record.by_number(connection, number)
    return found or _stop(f"there is no subscription S-{number}")


def _brought(connection: Connection, one: Subscription, now: datetime) -> list[Brought]:
    return brought_since(connection, [one.id], now - timedelta(days=saying.LATELY)).get(one.id, [])


def _stop(text: str) -> NoReturn:
    complain(text)
    sys.exit(1)


subscriptions.add_command(suppression.suppress)
subscriptions.add_command(suppression.allow)
