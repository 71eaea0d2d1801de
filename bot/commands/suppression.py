"""desk subscriptions suppress, desk subscriptions allow: addresses that are not written to."""

from __future__ import annotations

import sys

import click
from sqlalchemy.engine import Connection

from bot.settings import load_settings
from bot.terminal import complain, console, json_line
from bot.wiring import Wiring
from knowledge.audit import Deed, account
from knowledge.parties import is_email, mark_reachable, parties_of
from knowledge.subscriptions import stopping, suppressing
from knowledge.subscriptions.suppressing import Reason

_ENDS = {Reason.BOUNCED: "bounced", Reason.COMPLAINT: "complaint", Reason.ASKED: "unsubscribed"}


@click.command()
@click.argument("address")
@click.option(
    "--reason", type=click.Choice([one.value for one in Reason]), default=Reason.ASKED.value, show_default=True,
    help="Why: nothing arrives there, somebody complained, or whoever reads there asked for it.",
)  # fmt: skip
@click.option("--json", "as_object", is_flag=True, help="What was done as one JSON object.")
def suppress(address: str, reason: str, as_object: bool) -> None:
    """End every alert to ADDRESS and send none there again, whoever asks. It is kept as a code, not as an address."""
    address = _checked(address)
    wiring, why = Wiring(load_settings()), Reason(reason)
    with wiring.store.writing() as connection:
        ended = stopping.stop_all(connection, address, _ENDS[why], wiring.desk.now())
        new = suppressing.suppress(connection, address, why, wiring.desk.now())
        _account(connection, address, wiring, {"suppressed": 1, "ended": ended})
    _tell({"suppressed": True, "new": new, "ended": ended}, as_object, f"No alerts go there any more. Ended: {ended}.")


@click.command()
@click.argument("address")
@click.option("--json", "as_object", is_flag=True, help="What was done as one JSON object.")
def allow(address: str, as_object: bool) -> None:
    """Let ADDRESS be written to again. What ended stays ended: whoever reads there asks for it anew."""
    address = _checked(address)
    wiring = Wiring(load_settings())
    with wiring.store.writing() as connection:
        was = suppressing.allow(connection, address)
        mark_reachable(connection, address)
        _account(connection, address, wiring, {"allowed": 1})
    _tell(
        {"allowed": True, "was_suppressed": was},
        as_object,
        "It may be written to again." if was else "It was not suppressed.",
    )


def _account(connection: Connection, address: str, wiring: Wiring, counts: dict[str, int]) -> None:
    """By the number of whoever reads there, where they have one: none is given to them for this."""
    number = next(iter(parties_of(connection, [address])), "")
    account(connection, Deed.CHANGED, "suppression", number, wiring.desk.now(), counts=counts)


def _checked(address: str) -> str:
    if not is_email(address.strip()):
        complain("that is no e-mail address")
        sys.exit(2)
    return address.strip()


def _tell(done: dict[str, bool | int], as_object: bool, said: str) -> None:
    if as_object:
        print(json_line(done))
    else:
        console.print(said)
