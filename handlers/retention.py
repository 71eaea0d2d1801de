"""RETENTION: what is over its time is cleared, several times a day by the worker, or by a command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from knowledge.retention.erasures import Entry, ErasuresError
from knowledge.retention.rules import RULES, STAYS
from knowledge.retention.running import clear_all
from knowledge.retention.scrubbing import scrub
from knowledge.store import Rehearsal
from knowledge.subjects.again import erase_again

AGAIN = "erased_again"
"""What counts how much of a restored backup was erased once more."""


def clear(connection: Connection, desk: Desk) -> int:
    """The timed job. Returns how much there was. A list of erasures that cannot be read is reported, and holds up
    nothing else."""
    try:
        erased = desk.erasures.all()
    except (ErasuresError, OSError) as error:
        desk.on_error("erasures", error)
        erased = []
    return sum(_clear(connection, desk, erased).values())


def clean_up(desk: Desk) -> None:
    """After it: what was deleted leaves the record's files."""
    scrub(desk.store)


def run(desk: Desk, more: Sequence[Entry] = ()) -> tuple[dict[str, int], str]:
    """Clears what is over its time now, and erases again what a restored backup has brought back. `more`: erasures
    besides those on this machine's list. Returns how much of each kind, and what could not be done, "" for nothing."""
    with desk.store.writing() as connection:
        counts = _clear(connection, desk, [*desk.erasures.all(), *more])
    return counts, scrub(desk.store, rewrite=bool(counts[AGAIN]))


def erase_restored(desk: Desk, erased: Sequence[Entry]) -> int:
    """Erases again, in a backup that is about to be put in place, what was erased since. Returns how much there was."""
    with desk.store.writing() as connection:
        again = erase_again(connection, erased, desk.now(), lambda stems: desk.index().knows(stems))
    scrub(desk.store, rewrite=bool(again))
    return again


def rehearse(desk: Desk, more: Sequence[Entry] = ()) -> tuple[dict[str, int], str]:
    """The same in a record in which nothing stays: how much there would be of each kind."""
    with Rehearsal(desk.store).writing() as connection:
        return _clear(connection, desk, [*desk.erasures.all(), *more]), ""


def _clear(connection: Connection, desk: Desk, erased: Sequence[Entry]) -> dict[str, int]:
    counts = clear_all(connection, desk.now(), desk.kept)
    return {**counts, AGAIN: erase_again(connection, erased, desk.now(), lambda stems: desk.index().knows(stems))}


def kept(desk: Desk) -> list[dict[str, Any]]:
    """What is kept how long, by the one table: `name`, `what`, `where`, `setting`, `kept` ("12 months"), `since`."""
    return [
        {
            "name": rule.name, "what": rule.what, "where": list(rule.where), "setting": rule.setting,
            "kept": desk.kept.words(rule.name), "since": rule.since,
        }
        for rule in RULES
    ]  # fmt: skip


def staying() -> list[dict[str, Any]]:
    """What no rule clears: `what`, `where`, `why`."""
    return [{"what": one.what, "where": list(one.where), "why": one.why} for one in STAYS]
