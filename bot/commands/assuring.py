"""desk assurance."""

from __future__ import annotations

import sys

import click

from bot.logs import set_up_logs
from bot.settings import load_settings
from bot.terminal import console, json_line
from bot.wiring import Wiring
from handlers.assuring import look
from knowledge.subscriptions.assurance import Check, last_check
from knowledge.subscriptions.assurance_words import in_words


@click.command()
@click.option("--json", "as_object", is_flag=True, help="The last check and this one, as one JSON object.")
def assurance(as_object: bool) -> None:
    """Check that everybody was told of coming work who asked to be. Exit code 1 while somebody was not, of which the
    administrators are told."""
    settings = load_settings()
    set_up_logs("warning")  # what it counts it says itself
    wiring = Wiring(settings)
    with wiring.store.writing() as connection:
        before = last_check(connection)
        found = look(connection, wiring.desk)
    if as_object:
        print(json_line({"last": _as_json(before) if before else None, "now": _as_json(found)}))
    else:
        console.print(f"Last check: {_said(before)}" if before else "Never checked before.", markup=False)
        console.print(f"Now: {_said(found)}", markup=False)
    sys.exit(1 if found.holes else 0)


def _said(found: Check) -> str:
    return f"{found.at:%d %b %Y %H:%M} UTC, {'; '.join(in_words(found))}"


def _as_json(found: Check) -> dict[str, object]:
    return {"at": found.at.isoformat(), "holes": found.holes, **found.counts()}
