"""desk endpoints."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import click
from rich.text import Text

from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line
from bot.wiring import Wiring
from handlers import endpoints as journey
from knowledge.parties import is_email
from knowledge.subscriptions.endpoint import Endpoint, by_number, every_endpoint
from knowledge.subscriptions.hooks import BadUrl

_AS_JSON = click.option("--json", "as_object", is_flag=True, help="The endpoint as one JSON object.")
_KEEP = "Keep it where nobody else reads it: it is not shown again."


@click.group(invoke_without_command=True)
@click.option("--json", "as_list", is_flag=True, help="The endpoints as a JSON array.")
@click.pass_context
def endpoints(ctx: click.Context, as_list: bool) -> None:
    """List where webhooks go, how each does, and whose it is; add one, test it, give it a new secret, end it.

    With --json each is an object: `id`, `address` (what a subscription names), `owner`, `url`, `state` (untested, live,
    ended), `problem` (why the last sending failed, "" where it arrived), `made_at`, `tested_at`, `failing_since`
    (moments in UTC, or null).
    """
    if ctx.invoked_subcommand:
        return
    wiring = Wiring(load_settings())
    with wiring.store.reading() as connection:
        found = every_endpoint(connection, wiring.desk.now())
    if as_list:
        print(json_line([_as_json(one) for one in found]))
    elif not found:
        console.print("No endpoints yet. Try: desk endpoints add --owner EMAIL URL")
    for one in () if as_list else found:
        _show(one)


@endpoints.command()
@click.argument("url")
@click.option("--owner", metavar="EMAIL", required=True, help="Who hears of it when it fails.")
@_AS_JSON
def add(url: str, owner: str, as_object: bool) -> None:
    """Add URL, a public https address, and print its secret, once. It must answer `desk endpoints test` before use.

    With --json: the endpoint, and `secret`.
    """
    if not is_email(owner):
        raise click.BadParameter(f"{owner!r} is no e-mail address", param_hint="--owner")
    try:
        made = journey.add(Wiring(load_settings()).desk, owner, url)
    except BadUrl as error:
        raise click.BadParameter(str(error), param_hint="URL") from None
    _tell(made, as_object, f"Added. Now: desk endpoints test {made.id}", made.secrets[0])


@endpoints.command()
@click.argument("id", type=int)
@_AS_JSON
def test(id: int, as_object: bool) -> None:
    """Send the event webhook.test to endpoint ID. Answered with a status from 200 to 299, it is live."""
    tried = journey.try_out(Wiring(load_settings()).desk, id)
    if tried.endpoint is None:
        _complain(id)
    if as_object:
        print(json_line({**_as_json(tried.endpoint), "problem": tried.problem}))
    elif not tried.problem:
        console.print(f"Endpoint {id} has answered: it is live.")
    if tried.problem:
        complain(clean(tried.problem))
        sys.exit(1)


@endpoints.command()
@click.argument("id", type=int)
@_AS_JSON
def rotate(id: int, as_object: bool) -> None:
    """Give endpoint ID a new secret, and print it, once. For 24 hours the old one is signed with as well.

    With --json: the endpoint, and `secret`.
    """
    wiring = Wiring(load_settings())
    secret = journey.rotate(wiring.desk, id)
    if secret is None:
        _complain(id)
    _tell(_found(wiring, id), as_object, "The old secret counts for 24 hours more.", secret)


@endpoints.command()
@click.argument("id", type=int)
@_AS_JSON
def end(id: int, as_object: bool) -> None:
    """End endpoint ID, and the subscriptions that are sent there."""
    wiring = Wiring(load_settings())
    ended = journey.end(wiring.desk, id)
    if ended is None:
        _complain(id)
    _tell(_found(wiring, id), as_object, f"Ended, with {len(ended)} of its subscriptions.")


def _found(wiring: Wiring, id: int) -> Endpoint:
    with wiring.store.reading() as connection:
        found = by_number(connection, id, wiring.desk.now())
    assert found is not None  # noqa: S101 - endpoints are never deleted
    return found


def _tell(one: Endpoint, as_object: bool, said: str, secret: str = "") -> None:
    if as_object:
        print(json_line(_as_json(one) | ({"secret": secret} if secret else {})))
        return
    if secret:
        console.print(f"Secret of endpoint {one.id}: {secret}", markup=False, soft_wrap=True)
        console.print(_KEEP)
    console.print(said, markup=False)


def _complain(id: int) -> NoReturn:
    complain(f"there is no endpoint {id}, or it has ended")
    sys.exit(1)


def _show(one: Endpoint) -> None:
    small = Text(f"{one.state}  {clean(one.owner)}", style="dim")
    console.print(Text(f"{one.id:>4}  {clean(one.url)}  "), small, soft_wrap=True)
    if one.problem:
        since = f" since {one.failing_since:%d %b %H:%M} UTC" if one.failing_since else ""
        console.print(f"      failing{since}: {clean(one.problem)}", style="red", markup=False)


def _as_json(one: Endpoint) -> dict[str, Any]:
    given = {name: value for name, value in one._asdict().items() if name != "secrets"}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in given.items()}
