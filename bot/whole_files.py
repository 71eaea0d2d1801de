"""A file that somebody asked for: written beside its place and put there whole, so that a disk that is full leaves what
was there before, and not half of something."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def whole(file: Path, encoding: str = "utf-8-sig") -> Iterator[TextIO]:
    """A stream whose text stands in the file once all of it is written. What is no plain file, or stands in a folder in
    which nothing can be made, is written to as it is. Raises OSError."""
    if not _can_stand_beside(file):
        with file.open("w", encoding=encoding, newline="") as stream:
            yield stream
        return
    beside = file.with_name(f".{file.name[:100]}.{secrets.token_hex(4)}")
    try:
        with beside.open("w", encoding=encoding, newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            beside.chmod(file.stat().st_mode & 0o777)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _can_stand_beside(file: Path) -> bool:
    plain = file.is_file() or not file.exists()
    return plain and not file.is_symlink() and os.access(file.parent, os.W_OK)
