"""desk vocabulary."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.table import Table

from bot.settings import load_settings
from bot.terminal import clean, complain, console, json_line, plain
from bot.wiring import Wiring
from handlers.desk import utc_now
from knowledge.audit import Deed, account
from knowledge.documents.index import ensure_index
from knowledge.documents.reading import Unreadable, bytes_of, decode
from knowledge.documents.sayings import add_sayings, own_sayings, remove_saying
from knowledge.pack import KINDS, PackError, Saying, saying_of
from knowledge.text import content, words


@click.group(invoke_without_command=True)
@click.option("--all", "with_pack", is_flag=True, help="Those that came with the pack as well.")
@click.option("--search", default="", help="Only those with this in them.")
@click.option("--json", "as_list", is_flag=True, help="As a JSON array.")
@click.pass_context
def vocabulary(ctx: click.Context, with_pack: bool, search: str, as_list: bool) -> None:
    """List what people here say for what the papers say: abbreviations, everyday words, nicknames."""
    if ctx.invoked_subcommand:
        return
    wiring = Wiring(load_settings())
    with wiring.store.reading() as connection:
        found = [("own", one) for one in own_sayings(connection)]
    found += [("pack", one) for one in wiring.pack.vocabulary] if with_pack else []
    found = [(whose, one) for whose, one in found if search.lower() in f"{one.say} {' '.join(one.means)}".lower()]
    if as_list:
        print(json_line([{**_row(one), "whose": whose} for whose, one in found]))
    elif not found:
        console.print('None of its own yet. Try: desk vocabulary add "the leaving do" "exit plan"')
    else:
        table = Table("say", "means", "kind", "whose", "note", box=None, header_style="dim")
        for whose, one in found:
            table.add_row(*map(plain, (one.say, " | ".join(one.means), one.kind, whose, one.note)))
        console.print(table)


@vocabulary.command()
@click.argument("say")
@click.argument("means", nargs=-1, required=True)
@click.option(
    "--kind", type=click.Choice(KINDS), default="everyday", show_default=True,
    help="abbreviation works both ways, everyday one way; sense: one of several things it can stand for.",
)  # fmt: skip
@click.option("--note", default="", help="Why, for whoever looks after the list.")
@click.option("--dry-run", is_flag=True, help="Only say what would be added.")
def add(say: str, means: tuple[str, ...], kind: str, note: str, dry_run: bool) -> None:
    """Teach the desk that SAY stands for MEANS, one or several. The next question knows it."""
    _take([Saying(say, means, kind, note)], dry_run)


@vocabulary.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be added.")
def import_(file: Path, dry_run: bool) -> None:
    """Add the sayings of a CSV FILE with the columns say, means (several with | between), kind, note."""
    found, problems = [], 0
    for number, row in _rows(file):
        try:
            found.append(saying_of(number, row, file.name))
        except PackError as error:
            complain(clean(str(error)))
            problems += 1
    _take(found, dry_run)
    sys.exit(1 if problems or not found else 0)


@vocabulary.command()
@click.argument("say")
def remove(say: str) -> None:
    """Take a saying of your own out again."""
    wiring = Wiring(load_settings())
    with wiring.store.writing() as connection:
        gone = remove_saying(connection, say)
        if gone:
            account(connection, Deed.CHANGED, "list", "vocabulary", utc_now(), counts={"removed": 1})
    if not gone:
        raise click.ClickException(f"there is no saying {say!r} of your own; `desk vocabulary` lists them")
    ensure_index(wiring.store, wiring.pack, wiring.settings.index_path)
    console.print(f"“{clean(say)}” is out.", markup=False)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        reader = csv.DictReader(io.StringIO(decode(bytes_of(file)), newline=""), strict=True)
        for row in reader:
            yield reader.line_num, row
    except Unreadable as error:
        raise click.ClickException(clean(f"{file.name}: {error}")) from None
    except csv.Error as error:
        raise click.ClickException(clean(f"{file.name}, line {reader.line_num}: {error}")) from None


def _take(sayings: Sequence[Saying], dry_run: bool) -> None:
    wiring = Wiring(load_settings())
    _warn(wiring, sayings)
    if dry_run:
        console.print(f"{len(sayings)} would be added. Nothing was changed.")
        return
    try:
        with wiring.store.writing() as connection:
            changed = add_sayings(connection, sayings, utc_now())
            account(connection, Deed.IMPORTED, "list", "vocabulary", utc_now(), counts={"added": changed})
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    ensure_index(wiring.store, wiring.pack, wiring.settings.index_path)
    console.print(f"{changed} added, {len(sayings) - changed} there already.")


def _warn(wiring: Wiring, sayings: Sequence[Saying]) -> None:
    """A meaning that no paper has leads nowhere; the writer should know."""
    index = wiring.index.get()
    for one in sayings:
        for meaning in one.means:
            stems = {word.stem for word in content(words(meaning))}
            if index.documents and not (stems and stems <= index.knows(sorted(stems))):
                complain(f"no paper says “{clean(meaning)}”, so “{clean(one.say)}” will find nothing by it")


def _row(one: Saying) -> dict[str, object]:
    return {"say": one.say, "means": list(one.means), "kind": one.kind, "note": one.note}
