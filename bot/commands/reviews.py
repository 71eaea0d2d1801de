"""desk review."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.table import Table

from bot.commands.concern_words import stop_at_form, stop_if_refused
from bot.commands.register_words import due_as_json
from bot.settings import load_settings
from bot.speaking import speaker_of
from bot.terminal import complain, console, json_line, plain, show
from bot.wiring import Wiring
from handlers.intentions.times import day_words
from handlers.messages import Reply
from handlers.reviews.coming import when
from handlers.reviews.saying import FOUND, named
from knowledge import reviews
from knowledge.register.correcting import wanted
from knowledge.reviews import Due, Review

_OPTIONS = {"outcome": "--outcome", "changes": "--changes", "next_on": "--next"}


@click.group()
def review() -> None:
    """List the scheduled reviews of contracts, record one, or take the last one back."""


@review.command(name="list")
@click.option("--missed", "only_missed", is_flag=True, help="Only those that were due before today.")
@click.option("--json", "as_list", is_flag=True, help="The contracts as a JSON array.")
def list_(only_missed: bool, as_list: bool) -> None:
    """List the contracts in force, in-house services and grants among them, by the day of their review.

    With --json each is an object: `reference`, `title`, `department`, `due_on` (a day), `manager`, `director`
    (addresses), `missed`, and `last` (`outcome`: met, partly or not_met; `due_on`, `recorded_at`), null for none.
    """
    desk = Wiring(load_settings()).desk
    with desk.store.reading() as connection:
        found = (reviews.missed if only_missed else reviews.scheduled)(connection, desk.day)
        last = reviews.last_reviews(connection)
    if as_list:
        print(json_line([{**_as_json(one, last.get(one.contract.key)), "missed": one.on < desk.day} for one in found]))
        return
    table = Table("contract", "title", "review", "the last one", "manager", box=None, header_style="dim")
    for one in found:
        contract, before = one.contract, last.get(one.contract.key)
        said = (contract.reference, contract.title, when(one, desk.day), FOUND[before.outcome] if before else "")
        table.add_row(*map(plain, (*said, contract.manager)))
    nothing = (
        "No contract in force has missed its review." if only_missed else "No contract in force has a review date."
    )
    console.print(table if found else f"No contract in force {nothing}.")


def _as_json(one: Due, last: Review | None) -> dict[str, Any]:
    told = {
        "outcome": last.outcome.value, "due_on": last.due_on.isoformat(), "recorded_at": last.recorded_at.isoformat(),
    } if last else None  # fmt: skip
    return {**due_as_json(one), "last": told}


@review.command()
@click.argument("reference", metavar="REF")
@click.option("--outcome", required=True, type=click.Choice(["met", "partly", "not-met"]), help="What it found.")
@click.option("--changes", default="", metavar="TEXT", help="What changes, without naming anybody.")
@click.option("--next", "next_on", default="", metavar="DAY", help="The day of the next review: 2027-03-31.")
@click.option("--as", "who", required=True, metavar="EMAIL", help="Who records it: somebody who carries the contract.")
def record(reference: str, outcome: str, changes: str, next_on: str, who: str) -> None:
    """Record the review of the contract REF that is due, and the day of the next."""
    fields = {"outcome": outcome, "changes": changes, "next_on": next_on}
    _done(speaker_of(Wiring(load_settings()), who).act("record_review", reference, fields))


@review.command()
@click.argument("reference", metavar="REF")
@click.option("--as", "who", default="", metavar="EMAIL", help="Who takes it back: somebody who carries the contract.")
def undo(reference: str, who: str) -> None:
    """Take back the review of the contract REF that was recorded last: what was due before it is due again."""
    wiring = Wiring(load_settings())
    if who:
        _done(speaker_of(wiring, who).act("undo_review", reference))
        return
    with wiring.store.writing() as connection:
        contract = wanted(connection, reference).contract
        last = reviews.undo(connection, contract, wiring.desk.now())
    if last is None:
        complain(f"{contract.reference} has no review yet")
        sys.exit(1)
    console.print(
        f"Taken back: the review of {named(contract)} that was due on {day_words(last.due_on)}.", markup=False
    )


def _done(reply: Reply) -> None:
    stop_at_form(reply, _OPTIONS)
    stop_if_refused(reply)
    show(reply.model_copy(update={"choices": ()}))
