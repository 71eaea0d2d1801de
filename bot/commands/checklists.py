"""desk checklist."""

from __future__ import annotations

import sys

import click

from bot.commands.starting import wired
from bot.reply_json import as_json
from bot.speaking import Speaker, speaker_of
from bot.terminal import json_line, show
from bot.wiring import Wiring
from handlers.messages import Outcome, Reply
from knowledge.models import Role


@click.command()
@click.argument("name", nargs=-1)
@click.option("--as", "who", default="officer", show_default=True, metavar="ROLE|EMAIL",
              help="Whose: somebody on the people list has what they open kept; a role only looks.")  # fmt: skip
@click.option("--markdown", is_flag=True, help="The list as Markdown on stdout, to take away.")
@click.option("--tick", "ticked", default="", metavar="1,3", help="Tick these points, and show what is left.")
@click.option("--untick", "cleared", default="", metavar="1,3", help="Take these ticks away again.")
@click.option("--delete", "gone", is_flag=True, help="Delete the checklist.")
@click.option("--json", "as_object", is_flag=True, help="The reply as one JSON object.")
def checklist(
    name: tuple[str, ...], who: str, markdown: bool, ticked: str, cleared: str, gone: bool, as_object: bool
) -> None:
    """Open the list of the papers called NAME ("specification") as a checklist, or yours by its number; "mine" lists
    yours. With no NAME, what there is."""
    wiring, said = wired(), " ".join(name).strip()
    speaker = speaker_of(wiring, who)
    if said.isdigit():
        reply = _kept(speaker, said, ticked, cleared, gone, markdown)
    elif ticked or cleared or gone:
        raise click.UsageError("Ticking and deleting need a checklist's number: desk checklist 12 --as EMAIL --tick 3")
    else:
        reply = _named(wiring, speaker, said, markdown)
    if markdown and reply.written:
        print(reply.written[0].body, end="")
    elif as_object:
        print(json_line(as_json(reply, wiring.settings.url)))
    else:
        show(reply, link=wiring.settings.url)
    sys.exit(1 if reply.outcome in (Outcome.ERROR, Outcome.REFUSED) else 0)


def _named(wiring: Wiring, speaker: Speaker, said: str, markdown: bool) -> Reply:
    if said.lower() in ("", "mine", "my"):
        return speaker.act("my_checklists" if said else "checklists")
    if not markdown and speaker.person.email + speaker.person.slack_id:
        return speaker.act("open_checklist", said)
    role = min((role.value for role in speaker.person.roles), default=Role.PROVIDER.value)
    return speaker_of(wiring, role).act("open_checklist", said)


def _kept(speaker: Speaker, number: str, ticked: str, cleared: str, gone: bool, markdown: bool) -> Reply:
    """A checklist of the speaker's own, after what is to be done to it."""
    if gone:
        return speaker.act("delete_checklist", number)
    for place in _places(ticked) + _places(cleared):
        done = str(place) if place in _places(ticked) else ""
        speaker.act("tick_checklist", f"{number}.{place}.{place}", {"ticked": done})
    return speaker.act("checklist_markdown" if markdown else "show_checklist", number)


def _places(given: str) -> list[int]:
    """ "1,3" as places from 0. Raises click.UsageError."""
    parts = [one.strip() for one in given.split(",") if one.strip()]
    if not all(one.isdigit() and 0 < int(one) < 1_000 for one in parts):
        raise click.UsageError(f"{given!r} are no numbers of points: 1,3")
    return [int(one) - 1 for one in parts]
