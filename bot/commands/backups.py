"""desk backup, desk restore."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import click
import sqlalchemy as sa
from pydantic import SecretStr

from bot.commands.copying import tables_as_json, told_how_far, told_plainly
from bot.commands.starting import rehearsed, wired
from bot.settings import Settings, load_settings
from bot.terminal import clean, complain, console, json_line
from bot.wiring import Wiring
from handlers.desk import utc_now
from handlers.retention import erase_restored
from knowledge.audit import Deed, account
from knowledge.away import Away, first_line
from knowledge.copying import lists
from knowledge.copying.backup import back_up
from knowledge.copying.bundle import RECORD, About, room
from knowledge.copying.copying import count_of, moment
from knowledge.copying.moving import make_place, there
from knowledge.copying.nouns import CopyError
from knowledge.copying.restore import OCCUPIED, put_in_place, unpack
from knowledge.copying.standing import Standing, standing
from knowledge.outbox.heartbeats import alive
from knowledge.retention.erasures import Entry, Erasures
from knowledge.store import HEAD, Store, safe_url

_FILE = click.Path(dir_okay=False, path_type=Path)
_ASIDE = "if it is damaged, put it aside first (a SQLite file with its -wal and -shm)"
_SERVED = "a worker was heard of here within a minute: stop the desk first, or --anyway"


@click.command()
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="In the place of a file of this name.")
@rehearsed
@click.option("--json", "as_object", is_flag=True, help="What is in it, as one JSON object.")
def backup(file: Path, replace: bool, dry_run: bool, as_object: bool) -> None:
    """Copy the record of this desk into FILE, as of one moment, while everything runs. On either engine.

    FILE is a ZIP that only its owner may read: the record as SQLite, and the list of erasures. It holds all that
    people wrote: keep it where you keep such things, and no longer than DESK_BACKUPS_KEPT days.
    With --json: `file`, `bytes`, `rows`, `digest`, `tables` (by name: `rows`, `digest`), `dry_run`.
    """
    wiring = wired()
    with told_plainly():
        if file.exists() and not replace:
            raise CopyError(f"{file} is there already: name another, or --replace it")
        if dry_run:
            _would_copy(wiring.store, file, as_object=as_object)
            return
        with wiring.store.writing() as connection:
            account(connection, Deed.EXPORTED, "list", "record", utc_now())
        with told_how_far() as tell:
            copied = back_up(wiring.store, wiring.desk.erasures, file, utc_now(), replace=replace, tell=tell)
    size = file.stat().st_size
    if as_object:
        held = {"rows": copied.rows, "digest": copied.digest, "tables": tables_as_json(copied)}
        print(json_line({"file": str(file), "bytes": size, **held, "dry_run": False}))
        return
    console.print(f"{clean(str(file))}: {copied.rows:,} rows, {size:,} bytes, read again and checked.", markup=False)


def _would_copy(store: Store, file: Path, *, as_object: bool) -> None:
    with moment(store) as connection:
        counts = count_of(connection)
    rows = sum(counts.values())
    if as_object:
        print(json_line({"file": str(file), "rows": rows, "tables": counts, "dry_run": True}))
        return
    console.print(f"{rows:,} rows of {len(counts)} tables would be copied.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="In the place of a record that has something in it, which is lost then.")
@click.option("--anyway", is_flag=True, help="Though a worker of this desk is alive.")
@click.option(
    "--erased", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, metavar="LIST",
    help="A list of erasures kept elsewhere, besides the one beside the record.",
)  # fmt: skip
@rehearsed
@click.option("--json", "as_object", is_flag=True, help="What was put back, as one JSON object.")
def restore(file: Path, replace: bool, anyway: bool, erased: Path | None, dry_run: bool, as_object: bool) -> None:
    """Put the record in FILE in the place of this desk's, on either engine, whichever it was made on.

    It is checked first, brought to this version, and whatever was erased since it was made is erased again; then it is
    put in place at once, or not at all. A record with something in it stays, but for --replace.
    With --json: `file`, `made_at`, `version` (of the backup), `engine` (it was made on), `rows`, `erased_again`,
    `there` (what stood here), `dry_run`.
    """
    settings = load_settings()
    with told_plainly():
        found = _what_stands(settings, replace=replace or dry_run, anyway=anyway or dry_run)
        elsewhere = Erasures(erased).all() if erased else []
        put = _restore(file, settings, elsewhere, replace=replace, dry_run=dry_run)
    about = {"made_at": put.about.made_at.isoformat(), "version": put.about.version, "engine": put.about.engine}
    if as_object:
        told = {"rows": put.rows, "erased_again": put.erased_again, "there": found.value, "dry_run": dry_run}
        print(json_line({"file": str(file), **about, **told}))
        return
    made = f"{put.about.made_at:%d %b %Y %H:%M} UTC, version {put.about.version}, on {put.about.engine}"
    console.print(f"The backup was made {made}. Its {put.rows:,} rows are sound.", markup=False)
    console.print(f"{put.erased_again:,} erased again that were erased since.")
    if dry_run:
        console.print(f"Nothing was put in place. Here there is {found.value}.")
        return
    console.print(f"The record at {safe_url(sa.make_url(settings.store_url))} is restored.", markup=False)
    if utc_now() - put.about.made_at > timedelta(days=settings.backups_kept):
        complain(f"the backup is older than the {settings.backups_kept} days for which backups are kept: delete it")


class Restored(NamedTuple):
    """What was put back. `rows`: of the backup; `erased_again`: how much of it was erased once more."""

    about: About
    rows: int
    erased_again: int


def _restore(file: Path, settings: Settings, erased: list[Entry], *, replace: bool, dry_run: bool) -> Restored:
    erasures = Erasures(settings.home / lists.FILE)
    held = [*erasures.all(), *erased]
    with room(settings.home) as folder, told_how_far() as tell:
        unpacked = unpack(file, folder)
        with closing(unpacked.store):
            entries = [*held, *unpacked.erased]
            again = _erase_again(settings, folder, entries)
            if not dry_run:
                lists.carry(entries, erasures)
                with closing(make_place(settings.store_url)) as target:
                    put_in_place(unpacked.store, target, utc_now(), replace=replace, erased_again=again, tell=tell)
    return Restored(unpacked.about, sum(one.rows for one in unpacked.about.sums.values()), again)


def _what_stands(settings: Settings, *, replace: bool, anyway: bool) -> Standing:
    """What is here now. Raises CopyError where it is not to be replaced, and where it is being served."""
    store = there(settings.store_url)
    if store is None:
        return Standing.NOTHING
    with closing(store):
        try:
            with moment(store) as connection:
                found = standing(connection)
        except (sa.exc.DatabaseError, Away) as error:
            reason = first_line(error)
            raise CopyError(f"what is at {safe_url(store.url)} cannot be read ({reason}): {_ASIDE}") from None
        if found in (Standing.RECORD, Standing.COPY) and not replace:
            raise CopyError(OCCUPIED)
        if found is not Standing.NOTHING and not anyway and store.version() == HEAD and alive(store):
            raise CopyError(_SERVED)
    return found


def _erase_again(settings: Settings, folder: Path, entries: list[Entry]) -> int:
    """In the record that was unpacked, by a desk of its own: nobody sees what is erased again."""
    url = SecretStr(f"sqlite:///{folder / RECORD}")
    wiring = Wiring(settings.model_copy(update={"home": folder, "database_url": url}))
    try:
        return erase_restored(wiring.desk, entries)
    finally:
        wiring.store.close()
