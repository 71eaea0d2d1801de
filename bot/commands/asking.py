"""desk ask, desk chat."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click

from bot.commands.starting import wired
from bot.explaining import show_explanation
from bot.filling import Filled, fill
from bot.reply_json import as_json
from bot.speaking import Speaker, speaker_of
from bot.terminal import complain, console, json_line, show
from bot.whole_files import whole
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.explaining import explain
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.questions.offering import offered_under
from handlers.register import download
from knowledge.models import Role

_ROLES = click.Choice([role.value for role in Role])


@click.command()
@click.argument("question", nargs=-1)
@click.option("--as", "role", type=_ROLES, default="officer", show_default=True, help="Ask with this role's rights.")
@click.option("--json", "as_lines", is_flag=True, help="One JSON line a question, and nothing else on stdout.")
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Questions to ask: JSON lines with id and question.",
)
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all the contracts a question is about to this file.",
)
@click.option("--explain", "why", is_flag=True, help="What was read of it, what came near, and why.")
def ask(
    question: tuple[str, ...], role: str, as_lines: bool, file: Path | None, csv_file: Path | None, why: bool
) -> None:
    """Ask QUESTION: of the papers, with the passage that answers, or of the contract register."""
    wiring = wired()
    if file:
        sys.exit(0 if _ask_file(wiring, file, role) else 1)
    text = " ".join(question).strip()
    if not text:
        raise click.UsageError('Ask something: desk ask "who is accountable for the principles?"')
    message = Message(text=text, roles=frozenset({Role(role)}))
    if why:
        _explain(wiring, message, as_lines=as_lines)
        return
    reply, took = _timed(wiring, message)
    if csv_file:
        _write_csv(wiring, message, reply, csv_file)
    if as_lines:
        print(json_line(as_json(reply, wiring.settings.url, took_ms=took)))
    else:
        show(reply, link=wiring.settings.url)
    sys.exit(1 if reply.outcome is Outcome.ERROR else 0)


@click.command()
@click.option(
    "--as", "who", default="officer", show_default=True, metavar="ROLE|EMAIL",
    help="Talk with this role's rights, or as somebody on the people list: then concerns can be raised and carried.",
)  # fmt: skip
def chat(who: str) -> None:
    """Talk with the desk: it keeps the subject from question to question. What it offers is chosen by its number or
    its words, and a form is asked field by field. Ctrl-D ends."""
    if who not in {role.value for role in Role} and "@" not in who and not who.isupper():
        raise click.BadParameter(f"{who!r} is neither a role nor an address", param_hint="--as")
    wiring = wired()
    speaker = speaker_of(wiring, who)
    wiring.index.get()
    console.print("Ask what the papers say. An empty line or Ctrl-D ends.", style="dim")
    choices: tuple[Choice, ...] = ()
    while (text := _typed()) != "":
        chosen = _chosen(text, choices)
        reply = speaker.press(chosen) if chosen else speaker.say(text)
        choices = _settled(wiring, speaker, _with_offers(reply, speaker)).choices


def _chosen(text: str, choices: tuple[Choice, ...]) -> Choice | None:
    """What somebody chooses, by its number or in its own words."""
    if text.isdigit() and 0 < int(text) <= len(choices):
        return choices[int(text) - 1]
    return next((one for one in choices if one.label.casefold() == text.strip().casefold()), None)


def _with_offers(reply: Reply, speaker: Speaker) -> Reply:
    """The reply with what can be said of an answer, for somebody who is on the people list."""
    known = speaker.person.email or speaker.person.slack_id
    return reply.model_copy(update={"choices": (*reply.choices, *(offered_under(reply) if known else ()))})


def _explain(wiring: Wiring, message: Message, *, as_lines: bool) -> None:
    told = explain(message, wiring.desk)
    if as_lines:
        print(json_line(told.model_dump(mode="json")))
    else:
        show_explanation(told)


def _typed() -> str:
    try:
        return input("> ").strip()
    except (EOFError, KeyboardInterrupt):
        print()
        return ""


def _settled(wiring: Wiring, speaker: Speaker, reply: Reply) -> Reply:
    """Shows a reply; where it asks for more, has that filled in and shows what comes of it."""
    filled: Filled | None = None
    show(reply, link=wiring.settings.url)
    while form := reply.form:
        filled = fill(form, wiring.settings.max_file_bytes, filled)
        if filled is None:
            console.print("Nothing was sent.", style="dim")
            break
        reply = speaker.act(form.action, form.about, filled.fields, filled.files)
        show(reply, link=wiring.settings.url)
    return reply


def _write_csv(wiring: Wiring, message: Message, reply: Reply, file: Path) -> None:
    """All the contracts of a reply as a spreadsheet reads them: with the mark by which it knows UTF-8."""
    text = download(reply.table.asked, message, wiring.desk) if reply.table else None
    if text is None:
        raise click.ClickException("this question is about no contracts in the register, so there is nothing to write")
    try:
        with whole(file) as stream:
            stream.write(text)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror or error}") from None


def _timed(wiring: Wiring, message: Message) -> tuple[Reply, float]:
    started = time.perf_counter()
    reply = handle(message, wiring.desk)
    return reply, round((time.perf_counter() - started) * 1000, 1)


def _ask_file(wiring: Wiring, file: Path, role: str) -> bool:
    """Asks line by line; False where a line was no question or its answer an error. Lines end with a line feed and
    nothing else: JSON may hold what Python also takes for the end of a line."""
    wiring.index.get()
    whole = True
    lines = file.read_bytes().decode("utf-8-sig", "replace").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            id, text = row["id"], str(row["question"])
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            complain(f"{file.name}, line {number}: not a question ({type(error).__name__}): it needs id and question")
            whole = False
            continue
        reply, took = _timed(wiring, Message(text=text, roles=frozenset({Role(role)}), trial=True))
        print(json_line(as_json(reply, wiring.settings.url, id=id, took_ms=took)), flush=True)
        whole = whole and reply.outcome is not Outcome.ERROR
    return whole
