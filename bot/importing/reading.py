"""A job's file read by the reader of its list, tried, and taken in."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from bot.wiring import Wiring
from knowledge.documents.catalogue import NAME
from knowledge.models import Role
from knowledge.people import PeopleError, find_person, read_people
from knowledge.places import places, read_places
from knowledge.register.reading.file import read_register
from knowledge.register.reading.grid import RegisterError, read_grids
from knowledge.store import Rehearsal, Store
from knowledge.takings.jobs import Job
from knowledge.takings.lists import effect_of_people, effect_of_places, people_rows, take_people, take_places
from knowledge.takings.nouns import Effect, Kind
from knowledge.takings.papers import take_papers
from knowledge.takings.registers import effect_of_register, take_register
from knowledge.takings.timelines import effect_of_timeline, take_timeline
from knowledge.takings.undoing import undo
from knowledge.timeline.importing import is_first
from knowledge.timeline.reading.file import read_timeline

Check = Callable[[Effect], None]
_OUT = "You would be no administrator any more: undoing it would need somebody else, or the command line."
_NOBODY = "No row could be taken, so nothing changes."


class Readings:
    """What a job's file says, and what becomes of it. `by`: the address of whoever sent it."""

    def __init__(self, wiring: Wiring, job: Job, folder: Path, by: str) -> None:
        self._wiring, self._job, self._by = wiring, job, by
        self._path = folder / (job.file or "none")
        self._read: Any = None

    def read(self) -> None:
        """Reads the file; a paper is read when it is taken, by a process of its own."""
        job, limits = self._job, self._wiring.limits
        if job.undoes:
            return
        match job.kind:
            case Kind.REGISTER:
                self._read = self._register()
            case Kind.PLACES:
                self._read = read_places(self._path, limits)
            case Kind.PEOPLE:
                self._read = read_people(self._path)
            case Kind.TIMELINE:
                self._read = read_timeline(self._path, limits)

    def rehearse(self) -> Effect:
        """What it would do, in a record in which nothing stays."""
        return self._do(Rehearsal(self._wiring.store), lambda effect: None)

    def take(self, check: Check) -> Effect:
        """Does it. `check`: is given what it does, and what it raises undoes it."""
        return self._do(self._wiring.store, check)

    def _do(self, store: Store, check: Check) -> Effect:
        if self._job.kind is Kind.DOCUMENT and not self._job.undoes:
            return self._paper(store, check)
        with store.writing() as connection:
            effect = self._undone(connection) if self._job.undoes else self._taken(connection)
            check(effect)
            return effect

    def _undone(self, connection: Connection) -> Effect:
        wiring, now = self._wiring, self._wiring.store.now(connection)
        kept = wiring.settings.undo_kept
        return undo(connection, self._job.undoes, now, wiring.buyers, kept=kept, by=self._by)[1]

    def _taken(self, connection: Connection) -> Effect:
        job, read, now = self._job, self._read, self._wiring.store.now(connection)
        match job.kind:
            case Kind.REGISTER:
                did = take_register(connection, read, job.name, now, complete=job.complete, by=self._by)
                effect = effect_of_register(did, read, complete=job.complete)
            case Kind.PLACES:
                before = places(connection)
                effect = effect_of_places(before, read, take_places(connection, read, job.name, now, by=self._by))
            case Kind.PEOPLE:
                effect = self._people(connection)
            case _:
                effect = self._timeline(connection)
        return effect if effect.rows else effect.model_copy(update={"warnings": (*effect.warnings, _NOBODY)})

    def _register(self) -> Any:
        try:
            return read_register(self._path, self._job.maps, self._wiring.limits)
        except RegisterError as error:
            error.headings = _headings(self._path, self._wiring)  # type: ignore[attr-defined]
            raise

    def _people(self, connection: Connection) -> Effect:
        before, now = people_rows(connection), self._wiring.store.now(connection)
        effect = effect_of_people(before, self._read, 0, 0)
        if effect.warnings:
            raise PeopleError(effect.warnings[0] + " Add a row for each to the file, then send it again.")
        came, went = take_people(connection, self._read, self._job.name, now, by=self._by)
        effect = effect_of_people(before, self._read, came, went)
        person = find_person(connection, email=self._by) or find_person(connection, slack_id=self._by)
        out = person is None or Role.ADMINISTRATOR not in person.roles
        return effect.model_copy(update={"warnings": (_OUT,)}) if out else effect

    def _timeline(self, connection: Connection) -> Effect:
        job, now = self._job, self._wiring.store.now(connection)
        announce = job.announce or not is_first(connection)
        report, ledger = take_timeline(
            connection, self._read, now, self._wiring.buyers, source=job.name, own_only=job.own_only,
            announce=announce, by=self._by,
        )  # fmt: skip
        return effect_of_timeline(report, ledger, self._read.notes)

    def _paper(self, store: Store, check: Check) -> Effect:
        """One paper, with a list beside it that says what it is."""
        row = {"file": self._path.name, **self._job.paper}
        with (self._path.parent / NAME).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(row))
            writer.writeheader()
            writer.writerow(row)
        pack, limits = self._wiring.pack, self._wiring.limits
        return take_papers(
            store, [self._path], pack, limits, source=self._job.name, by=self._by, check=check
        )[1]  # fmt: skip


def _headings(path: Path, wiring: Wiring) -> tuple[str, ...]:
    """The headings a file seems to have, among which somebody may say which is what: its fullest line near the
    beginning. None where it is no table at all."""
    try:
        rows = [row for grid in read_grids(path, wiring.limits) for row in grid.head]
    except RegisterError:
        return ()
    fullest = max(rows, key=lambda row: sum(map(bool, row.cells)), default=None)
    found = dict.fromkeys(" ".join(cell.split())[:120] for cell in fullest.cells) if fullest else {}
    return tuple(one for one in found if one) if len(found) > 1 else ()
