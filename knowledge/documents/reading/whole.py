"""A file's bytes, where it is a file and no larger than allowed: a pipe would keep the desk waiting for ever, and a
device would fill the memory."""

from __future__ import annotations

import stat
from pathlib import Path

from knowledge.documents.reading.lines import Limits, Unreadable


def check_file(path: Path) -> int:
    """The bytes that a file is said to have, before one of them is read. Raises Unreadable where it is no file."""
    try:
        about = path.stat()
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        raise Unreadable(getattr(error, "strerror", None) or str(error)) from None
    if not stat.S_ISREG(about.st_mode):
        raise Unreadable("not a file: it is a pipe, a device or a folder")
    return about.st_size


def bytes_of(path: Path, most: int = Limits.file_bytes, setting: str = "DESK_MAX_FILE_BYTES") -> bytes:
    """The bytes of a file, `most` of them at the most (`setting` is what the reason calls that). Raises Unreadable."""
    size = check_file(path)
    if size > most:
        raise Unreadable(f"{size:,} bytes, more than the {most:,} allowed ({setting})")
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)  # it may have grown, or be one whose size the system does not know
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from None
    if len(data) > most:
        raise Unreadable(f"more than the {most:,} bytes allowed ({setting})")
    return data
