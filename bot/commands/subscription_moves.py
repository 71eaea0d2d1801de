"""desk subscriptions confirm, confirm-link, pause, resume, end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

import click
from sqlalchemy.engine import Connection

from bot.alert_links import confirm_path
from bot.commands.subscription_words import as_json
from bot.settings import Settings, load_settings
from bot.terminal import complain, console, json_line
from bot.wiring import Wiring
from handlers.subscriptions import saying
from knowledge.audit import Deed, account
from knowledge.subscriptions import confirming, record
from knowledge.subscriptions.lately import passed_by
from knowledge.subscriptions.nouns import State, Subscription, number_of

_AS_OBJECT = click.option(
    "--json", "as_object", is_flag=True, help="The subscription as one JSON object, as it is now."
)
_Move = Callable[[Connection, Subscription, datetime], str]
"""Does it, and gives what is said of it to people."""


@click.command()
@click.argument("id")
@_AS_OBJECT
def confirm(id: str, as_object: bool) -> None:
    """Agree to the subscription ID in its reader's place: only on a desk whose channel is the screen."""
    wiring = Wiring(load_settings())
    if wiring.desk.channels != frozenset({"screen"}):
        stop(
            f"whoever it is for agrees to it themselves; for a link to give them: desk subscriptions confirm-link {id}"
        )

    def agreed(connection: Connection, one: Subscription, now: datetime) -> str:
        if one.state is State.ENDED:
            stop(f"{one.reference} has ended")
        return f"{one.reference} is {'on' if record.agree(connection, one.id, now) else 'on already'}."

    _moved(wiring, id, agreed, as_object)


@click.command(name="confirm-link")
@click.argument("id")
@_AS_OBJECT
def confirm_link(id: str, as_object: bool) -> None:
    """Print the link by which the subscription ID is agreed to. Links made before work no more."""
    settings = load_settings(needs=("secret_key",))
    if not settings.url:
        raise click.UsageError("A link needs DESK_URL, the desk's public address.")
    wiring = Wiring(settings)
    with wiring.store.writing() as connection:
        one = one_of(connection, id)
        if one.state is not State.UNCONFIRMED:
            stop(f"{one.reference} waits for nobody: {saying.state_words(one).lower()}")
        link = confirming.make(connection, one, wiring.desk.now())
        account(connection, Deed.EXPORTED, "subscription", one.id, wiring.desk.now(), counts={"links": 1})
    address = _address(settings, link, wiring.desk.now())
    print(json_line({**as_json(one), "link": address}) if as_object else address)


def _address(settings: Settings, link: str, now: datetime) -> str:
    return settings.url + confirm_path(settings.secret_key.get_secret_value(), link, now)


@click.command()
@click.argument("id")
@_AS_OBJECT
def pause(id: str, as_object: bool) -> None:
    """Pause the subscription ID: nothing is told until it is resumed."""

    def paused(connection: Connection, one: Subscription, now: datetime) -> str:
        if not record.pause(connection, one.id, now) and one.state is not State.PAUSED:
            stop(f"{one.reference} is not on: {saying.state_words(one).lower()}")
        return f"{one.reference} is paused."

    _moved(Wiring(load_settings()), id, paused, as_object)


@click.command()
@click.argument("id")
@_AS_OBJECT
def resume(id: str, as_object: bool) -> None:
    """Take the subscription ID up again; says how many changes passed by, none of which is sent."""
    wiring = Wiring(load_settings())

    def resumed(connection: Connection, one: Subscription, now: datetime) -> str:
        if not record.resume(connection, one.id, now):
            if one.state is not State.ACTIVE:
                stop(f"{one.reference} is not paused: {saying.state_words(one).lower()}")
            return f"{one.reference} is on already."
        missed = len(passed_by(connection, one, one.paused_at or one.since, wiring.desk.day))
        return f"{one.reference} is on again. {missed:,} passed by meanwhile, and none of that is sent."

    _moved(wiring, id, resumed, as_object)


@click.command()
@click.argument("id")
@_AS_OBJECT
def end(id: str, as_object: bool) -> None:
    """End the subscription ID for good."""

    def ended(connection: Connection, one: Subscription, now: datetime) -> str:
        return (
            f"{one.reference} {'is ended' if record.end(connection, one.id, 'deleted', now) else 'has ended before'}."
        )

    _moved(Wiring(load_settings()), id, ended, as_object)


def _moved(wiring: Wiring, id: str, move: _Move, as_object: bool) -> None:
    with wiring.store.writing() as connection:
        one = one_of(connection, id)
        said = move(connection, one, wiring.desk.now())
        now = record.by_number(connection, one.id) or one
        if now.state is not one.state:
            account(connection, Deed.CHANGED, "subscription", one.id, wiring.desk.now())
    _tell(now, as_object, said)


def _tell(one: Subscription, as_object: bool, said: str) -> None:
    if as_object:
        print(json_line({**as_json(one), "said": said}))
    else:
        console.print(said, markup=False)


def one_of(connection: Connection, id: str) -> Subscription:
    """The subscription that is meant. Stops where there is none."""
    number = number_of(id)
    if number is None:
        raise click.BadParameter(f"{id!r} is no subscription: 12, or S-12", param_hint="ID")
    found = record.by_number(connection, number)
    return found or stop(f"there is no subscription S-{number}")


def stop(text: str) -> NoReturn:
    complain(text)
    sys.exit(1)
