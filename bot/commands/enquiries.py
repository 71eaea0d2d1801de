"""desk enquiries."""

from __future__ import annotations

from typing import Any

import click
from rich.table import Table

from bot.commands.starting import wired
from bot.terminal import console, json_line, plain
from handlers.questions.showing import due_words
from knowledge.questions.enquiries import Enquiry, waiting


@click.command()
@click.option("--json", "as_list", is_flag=True, help="The enquiries as a JSON array.")
def enquiries(as_list: bool) -> None:
    """List the questions that wait for a person, the first due first.

    With --json each is an object: `reference`, `state`, `question`, `asked_by` (an address), `made_at` (in UTC),
    `due_on` (a day), `claimed_by`, `answer`, `document`, `locator`, `access`, `entry` ("" for none).
    """
    wiring = wired()
    with wiring.store.reading() as connection:
        found = waiting(connection)
    if as_list:
        print(json_line([enquiry_as_json(one) for one in found]))
    elif not found:
        console.print("No question waits for a person.")
    else:
        table = Table("", "due", "with", "question", box=None, header_style="dim")
        for one in found:
            said = (one.reference, due_words(one, wiring.desk), one.claimed_by or "nobody yet", one.question.text)
            table.add_row(*map(plain, said))
        console.print(table)


def enquiry_as_json(one: Enquiry) -> dict[str, Any]:
    """An enquiry for programs."""
    return {
        "reference": one.reference, "state": one.state.value, "question": one.question.text, "asked_by": one.asker,
        "made_at": one.made_at.isoformat(), "due_on": one.due_on.isoformat(), "claimed_by": one.claimed_by,
        "answer": one.answer, "document": one.document, "locator": one.locator,
        "access": one.access.value if one.access else "", "entry": one.entry,
    }  # fmt: skip
