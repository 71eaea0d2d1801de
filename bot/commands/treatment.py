"""desk treatment."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any, NoReturn

import click
from rich.table import Table

from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line, plain
from bot.wiring import Wiring
from handlers.checking.findings import counted
from knowledge.subscriptions.delivery import Delivery, moment_in_words
from knowledge.subscriptions.treatment import Entitled, Release, Treatment
from knowledge.subscriptions.treatment import treatment as treatment_of

_COLUMNS = ("alert", "", "channel", "chose", "due", "how it stands", "words")


@click.command()
@click.argument("intention")
@click.option("--json", "as_object", is_flag=True, help="All of it as one JSON object.")
def treatment(intention: str, as_object: bool) -> None:
    """Show that all were treated alike who were to hear of INTENTION: of each public version when it was released, who
    was entitled (by subscription, no addresses), how and how often they chose to hear, when it was due, sent and
    delivered, and whether all read the same words.

    Exit code 1 where there is no such intention.
    """
    wiring = Wiring(load_settings())
    with wiring.store.reading() as connection:
        found = treatment_of(connection, intention)
    if found is None:
        missing(f"there is no intention {intention}")
    if as_object:
        print(json_line(_treatment_as_json(found)))
    else:
        _show_treatment(found)


def missing(words: str) -> NoReturn:
    """Says what there is not, and ends with 1."""
    complain(words)
    sys.exit(1)


def _show_treatment(found: Treatment) -> None:
    console.print(clean(f"{found.reference}  {found.title}"), style="bold", markup=False)
    for one in found.releases:
        of = "" if one.reference == found.reference else f" of {one.reference}, which is the same"
        console.print(clean(f"version {one.version}{of}, {one.kind}: {_sums(one)}"), markup=False)
        if one.entitled:
            table = Table(
                "alert", "", "channel", "chose", "due", "how it stands", "words", box=None, header_style="dim"
            )
            for each in one.entitled:
                table.add_row(*map(plain, _cells(each)))
            console.print(table)
    if not found.releases:
        console.print("Nothing of it is public yet, and nobody has been told.")


def _sums(one: Release) -> str:
    """ "12 entitled: 10 sent, 2 gathering; released 21 November 2026 09:00:00 ...": England's clocks, to the second."""
    states = ", ".join(f"{number} {state}" for state, number in sorted(one.states.items()))
    entitled = f"{counted(len(one.entitled), 'alert', 'alerts')} entitled"
    said = [f"{entitled}: {states}" if states else entitled, f"released {_seconds(one.released_at)}"]
    if one.sent:
        said.append(f"first sent {_seconds(one.sent[0])}, last sent {_seconds(one.sent[-1])}")
    same = {True: "all the same words", False: "NOT THE SAME WORDS", None: ""}[one.same_words]
    unowed = f"{counted(one.unowed, 'IS', 'ARE')} OWED NOTHING" if one.unowed else ""
    early = f"{one.early} BEFORE THE PUBLIC PAGE" if one.early else ""
    return "; ".join(filter(None, (*said, same, unowed, early))) + "."


def _cells(one: Entitled) -> tuple[str, ...]:
    if one.delivery is None:
        return one.subscription, one.kind, one.channel, one.every, "", "owed nothing", ""
    due = moment_in_words(one.delivery.due_at)
    return one.subscription, one.kind, one.channel, one.every, due, one.delivery.in_words(), one.delivery.words[:8]


def _seconds(moment: datetime) -> str:
    return f"{moment_in_words(moment)}:{moment:%S}"


def _treatment_as_json(found: Treatment) -> dict[str, Any]:
    return {"intention": found.reference, "releases": [_release(one) for one in found.releases]}


def _release(one: Release) -> dict[str, Any]:
    return {
        "reference": one.reference, "version": one.version, "kind": one.kind, "said_at": one.said_at.isoformat(),
        "released_at": one.released_at.isoformat(), "subscriptions": len(one.entitled), "states": dict(one.states),
        "first_sent": one.sent[0].isoformat() if one.sent else None,
        "last_sent": one.sent[-1].isoformat() if one.sent else None,
        "same_words": one.same_words, "before_public": one.early, "owed_nothing": one.unowed,
        "entitled": [
            {"subscription": each.subscription, "kind": each.kind, "channel": each.channel, "every": each.every,
             "delivery": delivery_as_json(each.delivery)}
            for each in one.entitled
        ],
    }  # fmt: skip


def delivery_as_json(one: Delivery | None) -> dict[str, Any] | None:
    """How it stands, without the recipient."""
    if one is None:
        return None
    moments = {"due_at": one.due_at, "sent_at": one.sent_at, "delivered_at": one.delivered_at}
    return {
        "channel": one.channel, "state": one.state, "attempts": one.attempts, "problem": one.problem,
        "words": one.words, "round_up": bool(one.round_up),
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }  # fmt: skip
