"""desk person, desk concern export, desk concern erase."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.bundles import write_bundle
from bot.commands.erasing import confirmed, erased
from bot.commands.starting import wired
from bot.terminal import clean, console, json_line
from handlers.subjects import erasing, exporting
from handlers.subjects.exporting import Bundle
from knowledge.concerns.nouns import number_of

_out = click.option(
    "--out", type=click.Path(path_type=Path), default=None, metavar="PATH",
    help="Where to: a .zip, or a folder that is not there yet. Else a .zip here, named after what is in it.",
)  # fmt: skip
_json = click.option(
    "--json", "as_object", is_flag=True, help="What is held as one JSON object; a file only with --out."
)
_report = click.option("--json", "as_object", is_flag=True, help="What went and what stays as one JSON object.")
_yes = click.option("--yes", is_flag=True, help="Do it. Without it, only what would go is said.")


@click.command(name="export")
@click.argument("reference")
@_out
@_json
def export_concern(reference: str, out: Path | None, as_object: bool) -> None:
    """Hand out all that is held of the concern REFERENCE: JSON, the same in Markdown, and its files, in one zip.

    With --json `reference`, its figures, `texts`, `files` (names), `happened`, `asked_of_providers`, `followers`,
    `told` and `audit`. That it was handed out is accounted for.
    """
    bundle = exporting.export_concern(wired().desk, _number(reference))
    _hand_out(bundle, out, as_object, f"There is no concern {reference}.")


@click.command(name="erase")
@click.argument("reference")
@_yes
@_report
def erase_concern(reference: str, yes: bool, as_object: bool) -> None:
    """Erase what was written in the concern REFERENCE, wherever the record has it, and its files. Figures stay.

    First it says what would go and what stays; with --yes, or once the reference is typed, it is done. With --json:
    `done`, `counts` (by kind), `stays`, `held`, `left` (where it still stands), `unreached`, `slack_posts`, `problem`.
    Exit code 1 where nothing was erased.
    """
    wiring, number = wired(), _number(reference)
    found = erasing.erase_concern(wiring.desk, number, dry=True)
    if found is None:
        raise click.ClickException(f"there is no concern {reference}")
    if confirmed(found, reference, yes, as_object):
        erased(wiring, erasing.erase_concern(wiring.desk, number, dry=False), as_object)


@click.group()
def person() -> None:
    """Serve a data subject: hand out what is held with a person, erase it, find the concerns that speak of them."""


@person.command(name="export")
@click.argument("address")
@_out
@_json
def export_person(address: str, out: Path | None, as_object: bool) -> None:
    """Hand out all the desk holds with whoever goes by ADDRESS (an e-mail address or Slack id): JSON and Markdown.

    With --json `addresses`, `people_list`, `register` (contracts that name them), `not_written_to` and `record`: by
    table, the rows that name them. Concerns that others wrote of them: `desk person find`.
    """
    bundle = exporting.export_person(wired().desk, address)
    _hand_out(bundle, out, as_object, f"The desk holds nothing with {address}.")


@person.command(name="erase")
@click.argument("address")
@_yes
@_report
def erase_person(address: str, yes: bool, as_object: bool) -> None:
    """Erase whoever goes by ADDRESS: alerts, questions, conversations, checklists, and the address itself.

    What must stay is said, with the reason. That they are not to be written to still holds. First it says what would
    go; with --yes, or once the address is typed, it is done. With --json as `desk concern erase`. Exit code 1 where
    nothing was erased.
    """
    wiring = wired()
    found = erasing.erase_person(wiring.desk, address, dry=True)
    if found is None:
        raise click.ClickException(f"the desk holds nothing with {address}")
    if confirmed(found, address, yes, as_object):
        erased(wiring, erasing.erase_person(wiring.desk, address, dry=False), as_object)


@person.command(name="find")
@click.argument("text")
@click.option("--json", "as_object", is_flag=True, help="What was found as one JSON object.")
def find(text: str, as_object: bool) -> None:
    """List the concerns in whose texts TEXT stands (a name, an address), by reference only: for a request of access.

    Photographs and papers are not read. That it was looked for is accounted for, not what for. With --json: `concerns`
    (references) and `elsewhere`, how many rows of the record name it besides, by column.
    """
    if len(text.strip()) < 3:
        raise click.UsageError("TEXT has three characters or more")
    found = exporting.find(wired().desk, text)
    if as_object:
        print(json_line(found._asdict()))
        return
    console.print("\n".join(found.concerns) or "No concern's text has it.")
    for column, count in found.elsewhere.items():
        console.print(f"{column}: {count:,}", style="dim", markup=False)


def _hand_out(bundle: Bundle | None, out: Path | None, as_object: bool, nothing: str) -> None:
    if bundle is None:
        raise click.ClickException(nothing)
    if out or not as_object:
        path = out or Path(f"{bundle.name}.zip")
        try:
            write_bundle(bundle, path)
        except OSError as error:
            raise click.ClickException(f"{path}: {error.strerror or error}") from None
        if not as_object:
            console.print(f"{clean(str(path))}: read it before you hand it on.", markup=False)
    if as_object:
        print(json_line(bundle.held))


def _number(reference: str) -> int:
    number = int(reference) if reference.isdecimal() and len(reference) < 10 else number_of(reference)
    if number is None:
        raise click.UsageError(f"{reference!r} is no reference of a concern, like C-0012")
    return number
