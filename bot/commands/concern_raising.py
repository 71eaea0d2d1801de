"""desk concern raise: from what the desk found to what was chosen."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from bot.commands.concern_words import standing, stop_at_form, stop_if_refused
from bot.commands.starting import wired
from bot.filling import read_file
from bot.speaking import Speaker, speaker_of
from bot.terminal import clean, complain, console, json_line, show
from bot.wiring import Wiring
from handlers.concerns.proposing import NOBODY
from handlers.messages import Choice, File, Outcome, Reply
from knowledge.models import Role

_RAISES = ("raise", "raise_new", "follow")
_OPTIONS = {"text": "TEXT", "member": "--for", "contract": "--contract"}


@click.command(name="raise")
@click.argument("text", nargs=-1, required=True)
@click.option("--as", "who", required=True, metavar="EMAIL", help="Who raises it: somebody on the people list.")
@click.option("--for", "member", default="", metavar="EMAIL", help="The Member whose concern it is, for officers.")
@click.option("--contract", default="", metavar="REF", help="The contract it is about, where it is known.")
@click.option(
    "--file", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A photograph or paper to keep with it. Repeatable.",
)  # fmt: skip
@click.option("--at-risk", is_flag=True, help="Somebody is at risk now: safeguarding is told at once.")
@click.option("--yes", is_flag=True, help="Take the first of what the desk found, and ask nothing.")
@click.option("--json", "as_object", is_flag=True, help="What came of it as one JSON object.")
def raise_(
    text: tuple[str, ...], who: str, member: str, contract: str, files: tuple[Path, ...], at_risk: bool, yes: bool,
    as_object: bool,
) -> None:  # fmt: skip
    """Raise what TEXT tells: the desk shows the contract it found, and asks which it is by number (0: none of these).

    With --json and without --yes nothing is asked: where there is something to choose, nothing is raised. The object:
    `concern` (a reference, null where nothing was raised), `outcome`, `text`, `notes`, and, of what was raised or is
    followed instead, what `desk concern list --json` has; else `choices` (label, action, about). What is another body's
    matter is raised by people only, not by --yes. Exit code 1 where nothing was raised, or a file could not be kept.
    """
    wiring = wired()
    speaker = speaker_of(wiring, who)
    if member and Role.MEMBER in speaker.person.roles:
        raise click.UsageError("--for is for officers: a Member raises their own")
    given = tuple(_read(path, wiring.settings.max_file_bytes) for path in files)
    risk = "yes" if at_risk else "no"
    fields = {"text": " ".join(text), "place": "", "contract": contract, "member": member, "at_risk": risk}
    reply = _raised(speaker, fields, given, ask=not (yes or as_object), take=yes)
    stop_at_form(reply, _OPTIONS)
    stop_if_refused(reply)
    _tell(wiring, speaker, reply, as_object)
    sys.exit(0 if reply.concern and not any(_about_a_file(note, given) for note in reply.notes) else 1)


def _read(path: Path, most_bytes: int) -> File:
    try:
        return read_file(path, most_bytes)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from None


def _tell(wiring: Wiring, speaker: Speaker, reply: Reply, as_object: bool) -> None:
    if as_object:
        said = {"concern": reply.concern or None, "outcome": reply.outcome.value, "text": reply.text}
        more = {"choices": [choice.model_dump(include={"label", "action", "about"}) for choice in reply.choices]}
        told = standing(wiring, reply.concern, speaker.person) if reply.concern else more
        print(json_line({**told, **said, "notes": list(reply.notes)}))
    elif reply.concern:
        show(reply.model_copy(update={"choices": ()}))
    else:
        complain("nothing was raised")


def _raised(speaker: Speaker, fields: Mapping[str, str], files: tuple[File, ...], *, ask: bool, take: bool) -> Reply:
    """Sends the form of a new concern, and takes what is offered until it is raised. `ask`: by number, at the terminal;
    `take`: the first, unasked. A reply without `concern`: nothing was raised."""
    notes: list[str] = []
    reply = speaker.act("new_concern", fields=fields, files=files)
    while not reply.concern and reply.choices:
        chosen = _first(reply) if take else _asked(reply) if ask else None
        if chosen is None:
            break
        notes += [note for note in reply.notes if _about_a_file(note, files)]
        reply = speaker.say(chosen, files) if isinstance(chosen, str) else speaker.press(chosen)
        if reply.form and fields["member"]:  # what was added to the form's words does not say for which Member
            reply = speaker.act(reply.form.action, reply.form.about, {"member": fields["member"]})
    return reply.model_copy(update={"notes": (*notes, *reply.notes)})


def _about_a_file(note: str, files: tuple[File, ...]) -> bool:
    return any(note.startswith(f"{file.name}: ") for file in files)


def _first(reply: Reply) -> Choice | None:
    """The first of what was found; triage where nothing was; of another body's, nothing: that a person decides."""
    if reply.outcome is Outcome.NOT_OURS:
        return None
    return next((choice for choice in reply.choices if choice.action in _RAISES), None)


def _keys(reply: Reply) -> dict[str, Choice]:
    """What may be chosen, by what is typed: numbers, 0 for none of these; and a letter for danger, which nobody should
    tell the desk of by a slip."""
    found: dict[str, Choice] = {}
    for choice in reply.choices:
        nobody = choice.action == "raise" and choice.about.endswith(f"|{NOBODY}")
        taken = sum(key.isdecimal() and key != "0" for key in found)
        found["0" if nobody else "r" if choice.action == "at_risk" else str(taken + 1)] = choice
    return found


def _asked(reply: Reply) -> Choice | str | None:
    """What was chosen; words, where the desk asked for what it lacks; None where nothing is to be raised."""
    show(reply.model_copy(update={"choices": ()}))
    offered = _keys(reply)
    for key, choice in offered.items():
        console.print(f"  {key}. {clean(choice.label)}", markup=False)
    vague = reply.outcome is Outcome.TOO_VAGUE
    while said := _typed(f"{'Your answer, or one' if vague else 'Which'} of these (empty: raise nothing) > "):
        if said.lower() in offered:
            return offered[said.lower()]
        if vague and not said.isdecimal():
            return said
    return None


def _typed(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except (EOFError, KeyboardInterrupt):
        print()
        return ""
