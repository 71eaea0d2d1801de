"""desk enquiry."""

from __future__ import annotations

from dataclasses import replace

import click

from bot.commands.concern_words import stop_at_form, stop_if_refused
from bot.commands.enquiries import enquiry_as_json
from bot.commands.starting import as_somebody, rehearsed, wired
from bot.speaking import rehearsing, speaker_of
from bot.terminal import console, json_line, show
from handlers.questions.forms import OWN
from knowledge.models import Access
from knowledge.questions.enquiries import by_number, number_of

_json = click.option("--json", "as_object", is_flag=True, help="The enquiry as one JSON object.")
_LEARNS_WITHIN = 120.0
"""Seconds: a command that ends sooner would leave the index half made."""
_OPTIONS = {
    "answer": "--text",
    "asks": "--ask",
    "place": "--place",
    "access": "--access",
    "reason": "--reason",
    "teach": "--teach-anyway",
}


@click.group()
def enquiry() -> None:
    """Show, claim, give back, answer or drop a question for a person, and have the desk know the answer."""


@enquiry.command(name="show")
@click.argument("reference")
@as_somebody
@_json
def show_(reference: str, who: str, as_object: bool) -> None:
    """Show the enquiry REFERENCE (E-12, or 12): the question, what the desk found, and how it stands."""
    _do(reference, who, "open_enquiry", {}, as_object=as_object, dry_run=False)


@enquiry.command()
@click.argument("reference")
@as_somebody
@_json
def claim(reference: str, who: str, as_object: bool) -> None:
    """Take the enquiry REFERENCE on. Whoever comes second reads who has it."""
    _do(reference, who, "claim_enquiry", {}, as_object=as_object, dry_run=False)


@enquiry.command(name="give-back")
@click.argument("reference")
@as_somebody
@_json
def give_back(reference: str, who: str, as_object: bool) -> None:
    """Have the enquiry REFERENCE wait for anybody again: whoever has it, or an administrator."""
    _do(reference, who, "return_enquiry", {}, as_object=as_object, dry_run=False)


@enquiry.command()
@click.argument("reference")
@as_somebody
@click.option("--text", required=True, help="The answer.")
@click.option("--place", default="", help='What it rests on: "002, Principle 6"; without it, our own answer.')
@click.option(
    "--access",
    type=click.Choice([one.value for one in Access]),
    default="internal",
    show_default=True,
    help="Who may read it.",
)
@click.option("--teach/--no-teach", default=True, show_default=True, help="Whether the desk is to know it.")
@click.option("--teach-anyway", is_flag=True, help="It may be kept though it seems to hold personal data.")
@click.option("--ask", "asks", multiple=True, help="A way of asking for it; may be given again.")
@rehearsed
@_json
def answer(
    reference: str, who: str, text: str, place: str, access: str, teach: bool, teach_anyway: bool,
    asks: tuple[str, ...], dry_run: bool, as_object: bool,
) -> None:  # fmt: skip
    """Answer the enquiry REFERENCE: the answer goes to whoever asked, and unless --no-teach is given into what the
    desk knows. Exit code 1 where it is refused, 2 where something in it is wrong."""
    learns = "anyway" if teach_anyway else "yes" if teach else "no"
    fields = {
        "answer": text, "rests_on": "place" if place else OWN, "place": place, "access": access, "teach": learns,
        "asks": "\n".join(asks),
    }  # fmt: skip
    _do(reference, who, "answer_enquiry", fields, as_object=as_object, dry_run=dry_run)


@enquiry.command()
@click.argument("reference")
@as_somebody
@click.option("--reason", required=True, help="Why: whoever asked is told.")
@rehearsed
@_json
def drop(reference: str, who: str, reason: str, dry_run: bool, as_object: bool) -> None:
    """Leave the enquiry REFERENCE unanswered, with a reason."""
    _do(reference, who, "drop_enquiry", {"reason": reason}, as_object=as_object, dry_run=dry_run)


@enquiry.command()
@click.argument("reference")
@as_somebody
@rehearsed
@_json
def teach(reference: str, who: str, dry_run: bool, as_object: bool) -> None:
    """Have the desk know the answer to the enquiry REFERENCE: the next who asks is answered with it."""
    _do(reference, who, "teach_enquiry", {}, as_object=as_object, dry_run=dry_run)


def _do(reference: str, who: str, action: str, fields: dict[str, str], *, as_object: bool, dry_run: bool) -> None:
    """Makes a move in somebody's name, and says what came of it; or what would."""
    wiring = wired()
    speaker = speaker_of(wiring, who)
    learning = replace(speaker, desk=replace(speaker.desk, learn=lambda: wiring.index.settle(_LEARNS_WITHIN)))
    number = number_of(f"E-{reference}" if reference.isdecimal() else reference)
    about = f"E-{number}" if number is not None else reference
    reply = (rehearsing(speaker) if dry_run else learning).act(action, about, fields)
    stop_at_form(reply, _OPTIONS)
    stop_if_refused(reply)
    if as_object:
        with wiring.store.reading() as connection:
            one = by_number(connection, number or 0)
        print(json_line({**(enquiry_as_json(one) if one else {}), "text": reply.text, "dry_run": dry_run}))
    else:
        show(reply.model_copy(update={"choices": ()}))
        if dry_run:
            console.print("Nothing was changed.", style="dim")
