"""desk why."""

from __future__ import annotations

from typing import Any

import click
from rich.table import Table

from bot.commands.treatment import delivery_as_json, missing
from bot.settings import load_settings
from bot.terminal import clean, console, json_line, plain
from bot.wiring import Wiring
from knowledge.subscriptions.delivery import moment_in_words
from knowledge.subscriptions.explaining import Explanation, Telling, explain
from knowledge.subscriptions.nouns import fits, number_of
from knowledge.subscriptions.record import by_number

_NEXT = {True: "Its next change will be told.", False: "Its next change will not be told.", None: ""}
_WAS = {
    "new": "told of version {0} as new", "changed": "told of version {0} as a change",
    "closing": "told that it closes soon",
}  # fmt: skip


@click.command()
@click.argument("subscription")
@click.argument("intention")
@click.option("--json", "as_object", is_flag=True, help="The explanation as one JSON object.")
def why(subscription: str, intention: str, as_object: bool) -> None:
    """Say why SUBSCRIPTION (S-12) was told of INTENTION (its reference), or was not: field by field what is wanted and
    what was found, then when, of which version and how it stands, or what keeps it from being told.

    Exit code 1 where there is no such subscription or intention.
    """
    wiring, number = Wiring(load_settings()), number_of(subscription)
    with wiring.store.reading() as connection:
        one = by_number(connection, number) if number else None
        if one is None:
            missing(f"there is no subscription {subscription}")
        found = explain(connection, one, intention, wiring.store.now(connection))
    if found is None:
        missing(f"there is no intention {intention}")
    if as_object:
        print(json_line(_why_as_json(found)))
    else:
        _show_why(found)


def _show_why(found: Explanation) -> None:
    for head in (f"{found.subscription.reference}: {found.subscription.sentence}", f"{found.reference}  {found.title}"):
        console.print(clean(head), style="bold", markup=False)
    if found.verdicts:
        table = Table("", "wanted", "found", "", box=None, header_style="dim")
        for one in found.verdicts:
            table.add_row(*map(plain, (one.field, one.wanted, one.found, "fits" if one.fits else "does not fit")))
        console.print(table)
    for telling in found.told:
        console.print(clean(_telling(telling)), markup=False)
    for reason in found.why_not:
        console.print(clean(reason.words), style="yellow", markup=False)
    console.print(_NEXT[found.next])


def _telling(one: Telling) -> str:
    how = f"{one.delivery.channel}, {one.delivery.in_words()}" if one.delivery else "nothing is owed: a fault"
    return f"{moment_in_words(one.at)}: {_WAS[one.kind].format(one.version)}: {how}"


def _why_as_json(found: Explanation) -> dict[str, Any]:
    return {
        "subscription": found.subscription.reference, "state": found.subscription.state.value,
        "intention": found.reference, "version": found.version,
        "verdicts": [one._asdict() for one in found.verdicts], "fits": fits(found.verdicts),
        "told": [_told_as_json(one) for one in found.told],
        "why_not": [one._asdict() for one in found.why_not], "next": found.next,
    }  # fmt: skip


def _told_as_json(one: Telling) -> dict[str, Any]:
    at, how = one.at.isoformat(), delivery_as_json(one.delivery)
    return {"version": one.version, "kind": one.kind, "at": at, "delivery": how}
