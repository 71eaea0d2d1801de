"""One job done: the file read, what it does shown, and taken in when that is still what it does."""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.importing.reading import Readings
from bot.wiring import Wiring, report
from handlers.administration import administers
from knowledge.parties import address_of
from knowledge.takings.jobs import Job, State
from knowledge.takings.nouns import Effect
from knowledge.takings.staging import Staging

_TOLD = (
    "RegisterError", "MappingError", "PlacesError", "PeopleError", "TimelineFileError", "CannotUndo", "Unreadable",
)  # fmt: skip
"""Errors that are told: their text says what to do."""
_MEMORY = "Reading it took more memory than is allowed (DESK_MAX_READ_MEMORY)."
_BROKE = "It could not be read: the file is damaged, or not what its name says."
_NOT_YOURS = "Only an administrator takes files in."
_OTHER_FILE = "The file is not the one that was shown. Send it again."


class Changed(Exception):
    """What was shown is not what it would do now."""

    def __init__(self, effect: Effect) -> None:
        super().__init__("changed")
        self.effect = effect


class Doer:
    """Does jobs."""

    def __init__(self, wiring: Wiring, staging: Staging) -> None:
        self._wiring, self._staging = wiring, staging

    def do(self, job: Job) -> None:
        """Tries a job, or does it where it was shown; writes down how it stands then."""
        try:
            self._staging.write(*self._done(job))
        except Changed as changed:
            state = {"state": State.CHANGED, "digest": changed.effect.digest}
            self._staging.write(job.model_copy(update=state), changed.effect)
            self._staging.let_go(job.id)
        except BaseException as error:
            self._fail(job, error)

    def _done(self, job: Job) -> tuple[Job, Effect]:
        by = self._administrator(job)
        if job.file and self._sum(job) != job.checksum:
            raise _Refused(_OTHER_FILE)
        readings = Readings(self._wiring, job, self._staging.folder(job.id), by)
        with _clock(self._wiring.settings.max_read_seconds):
            readings.read()
        if job.state is not State.TAKING:
            effect = readings.rehearse()
            return job.model_copy(update={"state": State.SHOWN, "digest": effect.digest}), effect
        effect = readings.take(lambda effect: _same(job, effect))
        self._staging.delete_file(job)
        return job.model_copy(update={"state": State.DONE}), effect

    def _administrator(self, job: Job) -> str:
        """The address of whoever sent it; their role is looked at again, for it may be gone."""
        with self._wiring.store.reading() as connection:
            address = address_of(connection, job.owner)
            if not administers(connection, address):
                raise _Refused(_NOT_YOURS)
        return address

    def _sum(self, job: Job) -> str:
        with (self._staging.folder(job.id) / job.file).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def _fail(self, job: Job, error: BaseException) -> None:
        known = isinstance(error, _Refused) or type(error).__name__ in _TOLD
        reason = str(error) if known else _MEMORY if isinstance(error, MemoryError) else _BROKE
        if not known and not isinstance(error, MemoryError) and isinstance(error, Exception):
            report(job.id[:6], error)
        headings = getattr(error, "headings", ())
        failed = {"state": State.FAILED, "reason": _for_people(reason, job)[:2_000], "headings": headings}
        self._staging.write(job.model_copy(update=failed))
        self._staging.let_go(job.id)


class _Refused(Exception):
    """A job that is not done. Its text says why."""


def _same(job: Job, effect: Effect) -> None:
    if effect.digest != job.digest:
        raise Changed(effect)


def _for_people(reason: str, job: Job) -> str:
    """A reader names the file by the desk's name for it, and says what to do on the command line; the page has the
    name people know, and a choice of its own."""
    said = reason.split("; if yours are called")[0].split("; --map")[0]
    return said.replace(f"{Path(job.file).name}: ", f"{job.name}: ") if job.file else said


@contextmanager
def _clock(seconds: float) -> Iterator[None]:
    """So long may what is done here take, or the system ends this process."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
