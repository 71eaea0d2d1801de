"""desk move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import click
import sqlalchemy as sa
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from bot.commands.starting import rehearsed
from bot.settings import load_settings
from bot.terminal import clean, console, json_line
from handlers.desk import utc_now
from knowledge.audit import Deed, account
from knowledge.away import StoreError, first_line
from knowledge.copying import lists
from knowledge.copying.copying import count_of, moment
from knowledge.copying.moving import existing, make_place, make_room, same_place, stood_still, there
from knowledge.copying.moving import move as move_record
from knowledge.copying.nouns import Copied, CopyError, Tell
from knowledge.copying.standing import standing
from knowledge.outbox.heartbeats import alive
from knowledge.retention.erasures import ErasuresError
from knowledge.store import Store, safe_url

_SERVED = "a worker was heard of there within a minute: stop the desk first, or --anyway"
_WRITTEN = "it was written to while it was copied: what was written since is not in the copy. Stop the desk, and again"


@click.command()
@click.argument("from_", metavar="FROM")
@click.argument("to", metavar="TO")
@click.option("--again", is_flag=True, help="In the place of an earlier copy of FROM in TO that nobody has written to.")
@click.option("--anyway", is_flag=True, help="Though a worker of FROM is alive.")
@rehearsed
@click.option("--json", "as_object", is_flag=True, help="What was copied, as one JSON object.")
def move(from_: str, to: str, again: bool, anyway: bool, dry_run: bool, as_object: bool) -> None:
    """Copy the record at FROM to TO: sqlite:///path/record.db or postgresql+psycopg://user@host/database, either way.

    FROM is read as of one moment, and stays as it is. TO is empty, or there is nothing there yet: everything is
    written at once or not at all. Then rows and sums of both sides are compared, table by table. Stop the desk first:
    what FROM is told meanwhile is not in the copy.
    With --json: `from`, `to`, `rows`, `digest`, `tables` (by name: `rows`, `digest`), `erasures` (added to the list
    beside TO), `without_nul`, `stood_still`, `dry_run`.
    """
    with told_plainly():
        if same_place(from_, to):
            raise CopyError("FROM and TO are one place")
    with told_plainly(), closing(existing(from_)) as source:
        if alive(source) and not (anyway or dry_run):
            raise CopyError(_SERVED)
        settings = load_settings()
        erased = lists.list_beside(from_, settings.store_url, settings.home).all()
        if dry_run:
            _rehearse(source, to, again=again, as_object=as_object)
            return
        copied = _move(source, to, again=again)
        added = lists.carry(erased, lists.list_beside(to, settings.store_url, settings.home))
        still = stood_still(source, copied)
    _say(from_, to, copied, added, still=still, as_object=as_object)
    if not still:
        raise SystemExit(1)


@contextmanager
def told_plainly() -> Iterator[None]:
    """What makes a copy impossible is told in a line."""
    try:
        yield
    except (sa.exc.DatabaseError, OSError) as error:
        reason = first_line(error)
        raise click.ClickException(f"{clean(reason)}. Nothing has been changed.") from None
    except (CopyError, ErasuresError, StoreError) as error:
        raise click.ClickException(f"{clean(str(error))}. Nothing has been changed.") from None


@contextmanager
def told_how_far() -> Iterator[Tell]:
    """A bar on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda table, done, of: bar.update(task, completed=done, total=of, description=table)


def tables_as_json(copied: Copied) -> dict[str, object]:
    """What was copied, by table."""
    return {name: one._asdict() for name, one in copied.sums.items()}


def _move(source: Store, to: str, *, again: bool) -> Copied:
    with closing(make_place(to)) as target, told_how_far() as tell:
        with moment(source) as read, moment(target) as other:
            make_room(read, other, again=again)  # before anything is written down in FROM
        with source.writing() as connection:
            account(connection, Deed.EXPORTED, "list", "record", utc_now(), counts={"moved": 1})
        return move_record(source, target, utc_now(), again=again, tell=tell)


def _rehearse(source: Store, to: str, *, again: bool, as_object: bool) -> None:
    """Says what would be copied, and what stands there."""
    target = there(to)
    found = "nothing"
    with moment(source) as read:
        counts = count_of(read)
        if target:
            with closing(target), moment(target) as other:
                found = standing(other).value
                make_room(read, other, again=again)
    if as_object:
        print(json_line({"from": safe_url(source.url), "to": safe_url(sa.make_url(to)), "dry_run": True,
                         "rows": sum(counts.values()), "tables": counts, "there": found}))  # fmt: skip
        return
    console.print(f"{sum(counts.values()):,} rows of {len(counts)} tables would be copied. In TO there is {found}.")


def _say(from_: str, to: str, copied: Copied, added: int, *, still: bool, as_object: bool) -> None:
    places = {"from": safe_url(sa.make_url(from_)), "to": safe_url(sa.make_url(to))}
    if as_object:
        held = {"rows": copied.rows, "digest": copied.digest, "tables": tables_as_json(copied), "erasures": added}
        print(json_line({**places, **held, "without_nul": copied.without_nul, "stood_still": still, "dry_run": False}))
        return
    table = Table("table", "rows", "sum on both sides", box=None, header_style="dim")
    for name, one in copied.sums.items():
        table.add_row(name, f"{one.rows:,}", one.digest[:12])
    console.print(table)
    console.print(f"{copied.rows:,} rows copied to {places['to']}.", markup=False)
    console.print("Rows and sums are the same on both sides.")
    if copied.without_nul:
        console.print(f"{copied.without_nul:,} texts held a NUL character, which PostgreSQL cannot hold: left out.")
    if added:
        console.print(f"{added:,} added to the list of erasures there.")
    console.print("The search indexes are made anew by whoever serves it.", style="dim")
    if not still:
        console.print(f"FROM did not stand still: {_WRITTEN} with --again.", style="red", markup=False)
