"""The list of what was erased, beside the record: numbers and marks only, so that a backup that is restored does not
bring back what had gone. The audit cannot serve for this: it is restored with the rest."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import Connection

from knowledge.facts import fact, fact_made_once

KEY = "erasure_key"
"""The fact with which marks are keyed, made with the record, so that every backup has it."""


class Entry(NamedTuple):
    """What was erased. `kind`, `number`: "concern" or "party", and its number; `mark`: tells it from whatever else has
    this number in a record that was restored; `at`: when, in UTC."""

    kind: str
    number: int
    mark: str
    at: str


class ErasuresError(Exception):
    """A list of erasures that cannot be read. Its text says which line."""


@dataclass(frozen=True)
class Erasures:
    """The list in a file; without a path nothing is kept."""

    path: Path | None = None

    def add(self, entry: Entry) -> None:
        """Writes an erasure down, on the disk before it is done: one that is broken off is done by the next run."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = (json.dumps(entry._asdict()) + "\n").encode()
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            whole = _mended(file)
            if file.write(line) < len(line):
                file.truncate(whole)
                raise OSError(errno.ENOSPC, "the list of erasures could not be written")
            os.fsync(file.fileno())

    def all(self) -> list[Entry]:
        """Everything on the list, once each. Raises ErasuresError."""
        if self.path is None or not self.path.exists():
            return []
        lines = _whole_lines(self.path.read_bytes()).decode("utf-8").splitlines()
        return list(dict.fromkeys(_entry(number, line) for number, line in enumerate(lines, 1) if line.strip()))


def _whole_lines(held: bytes) -> bytes:
    """All but the beginning of a line whose writing was broken off: what it was to say was not done either."""
    return held[: held.rfind(b"\n") + 1]


def _mended(file: FileIO) -> int:
    """Takes such a beginning off the file. Returns how long the file is without it."""
    held = file.read()
    whole = len(_whole_lines(held))
    if whole < len(held):
        file.truncate(whole)
    return whole


def mark_of(connection: Connection, kind: str, number: int, what: str) -> str:
    """Tells something from whatever else may have its number: a keyed hash of what it was (a concern's first moment,
    somebody's address), from which that cannot be had back without the record."""
    key = fact(connection, KEY) or fact_made_once(connection, KEY, secrets.token_hex(32))
    return hmac.new(key.encode(), f"{kind}:{number}:{what}".encode(), hashlib.sha256).hexdigest()[:16]


def once(entries: Iterable[Entry]) -> list[Entry]:
    """Each thing that was erased once, as it was last."""
    in_time = sorted(entries, key=lambda one: datetime.fromisoformat(one.at))
    return list({(one.kind, one.number, one.mark): one for one in in_time}.values())


def _entry(number: int, line: str) -> Entry:
    try:
        held = json.loads(line)
        datetime.fromisoformat(held["at"])
        return Entry(str(held["kind"]), int(held["number"]), str(held["mark"]), str(held["at"]))
    except (ValueError, TypeError, KeyError):
        raise ErasuresError(f"line {number} of the list of erasures cannot be read") from None
