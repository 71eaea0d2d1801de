"""A file between its dry run and its being taken in: kept in a folder of its own that has a random name, for an hour,
for whoever sent it. Nobody looks a folder up but by a name that the desk gave."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from knowledge.takings.jobs import Job
from knowledge.takings.nouns import Effect, Kind

KEPT = timedelta(hours=1)
_NAME = re.compile(r"[A-Za-z0-9_-]{32}")
_ENDINGS = (".csv", ".xlsx", ".xlsm", ".json", ".jsonl", ".txt", ".tsv", ".md", ".html", ".htm", ".pdf", ".docx")
"""Endings by which readers tell what a file is; any other name is kept as text."""
_ABOUT, _EFFECT, _HELD = "about.json", "effect.json", "held"
_AT_ONCE = 1_000_000


class TooLarge(Exception):
    """A file larger than may be sent. Its text says so."""


class Staging:
    """The folders of files that wait to be taken in."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "imports"

    def folder(self, id: str) -> Path:
        """Where a job is kept."""
        if not _NAME.fullmatch(id):
            raise FileNotFoundError(id)
        return self._folder / id

    def begin(self, owner: int, kind: Kind, now: datetime, undoes: int = 0) -> Job:
        """A new job, in a folder that nobody else can read."""
        id = secrets.token_urlsafe(24)
        folder = self.folder(id)
        folder.mkdir(parents=True, mode=0o700)
        return Job(id=id, owner=owner, kind=kind, made_at=now, since=now, undoes=undoes)

    def keep_file(self, job: Job, name: str, stream: IO[bytes], most: int) -> Job:
        """Keeps what was sent under a name of the desk's own. Raises TooLarge, and then keeps nothing."""
        file = f"sent/{_file_name(name)}"
        (self.folder(job.id) / "sent").mkdir(mode=0o700, exist_ok=True)
        try:
            digest, size = _copy(stream, self.folder(job.id) / file, most)
        except OSError:  # no room: what there is of it would take what little there may be
            self.drop(job.id)
            raise
        if size > most:
            self.drop(job.id)
            raise TooLarge(f"The file is larger than {most // 1_000_000:,} MB.")
        return job.model_copy(update={"file": file, "name": plain_name(name), "checksum": digest})

    def write(self, job: Job, effect: Effect | None = None) -> Job:
        """Writes a job down as it stands now, and what it does."""
        folder = self.folder(job.id)
        if effect is not None:
            _replace(folder / _EFFECT, effect.short().model_dump_json())
        _replace(folder / _ABOUT, job.model_dump_json())
        return job

    def read(self, id: str, now: datetime) -> Job | None:
        """A job by its name; None where there is none, or not any more."""
        try:
            job = Job.model_validate_json((self.folder(id) / _ABOUT).read_bytes())
        except (OSError, ValueError):
            return None
        return job if now < job.made_at + KEPT else None

    def effect(self, id: str) -> Effect:
        """What a job does, as much as is shown."""
        try:
            return Effect.model_validate_json((self.folder(id) / _EFFECT).read_bytes())
        except (OSError, ValueError):
            return Effect(rows=0)

    def hold(self, id: str) -> bool:
        """Takes a job up for doing it; False where somebody has it."""
        try:
            os.close(os.open(self.folder(id) / _HELD, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return False
        return True

    def let_go(self, id: str) -> None:
        """Gives a job back."""
        (self.folder(id) / _HELD).unlink(missing_ok=True)

    def delete_file(self, job: Job) -> None:
        """Deletes the file of a job that is done."""
        if job.file:
            (self.folder(job.id) / job.file).unlink(missing_ok=True)

    def drop(self, id: str) -> None:
        """Deletes a job with all that is kept of it."""
        shutil.rmtree(self.folder(id), ignore_errors=True)

    def sweep(self, now: datetime) -> int:
        """Deletes what is older than an hour. Returns how many."""
        old = [id for id in self._ids() if (self._folder / id).stat().st_mtime < (now - KEPT).timestamp()]
        for id in old:
            self.drop(id)
        return len(old)

    def _ids(self) -> Iterator[str]:
        if self._folder.is_dir():
            yield from (one.name for one in self._folder.iterdir() if _NAME.fullmatch(one.name))


def _copy(stream: IO[bytes], path: Path, most: int) -> tuple[str, int]:
    """Writes a file, up to a little more than so many bytes. Gives its checksum, and how much was read."""
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while size <= most and (part := stream.read(_AT_ONCE)):
            size += len(part)
            digest.update(part)
            out.write(part)
    return digest.hexdigest(), size


def _file_name(name: str) -> str:
    """A name that no disk, and no reader, stumbles over."""
    bare = Path(plain_name(name))
    ending = bare.suffix.lower() if bare.suffix.lower() in _ENDINGS else ".txt"
    stem = re.sub(r"[^\w-]+", "-", bare.stem if bare.suffix else bare.name).strip("-")[:100] or "file"
    return f"{stem if stem.lower() != 'documents' else 'document'}{ending}"


def plain_name(name: str) -> str:
    """A file's name without its path, on one line."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in bare if char.isprintable()).strip()[:200] or "file"


def _replace(path: Path, text: str) -> None:
    """Writes a file in one step, so that nobody reads half of it."""
    beside = path.with_suffix(f".{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(beside, path)
