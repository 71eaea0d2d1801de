"""A file's bytes, where it is a file and no larger than allowed: a pipe would keep the desk waiting for ever, and a
device would fill the memory."""

from __future__ import annotations

import stat
from pathlib import Path

from knowledge.documents.reading.lines import Limits, Unreadable


def bytes_of(path: Path, most: int = Limits.file_bytes, setting: str = "DESK_MAX_FILE_BYTES") -> bytes:
    """The bytes of a file, `most` of them at the most (`setting` is what the reason calls that). Raises Unreadable."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable("not a file: it is a pipe, a device or a folder")
        if about.st_size > most:
            raise Unreadable(f"{about.st_size:,} bytes, more than the {most:,} allowed ({setting})")
        with path.open("rb") as file:
            data = file.read(most + 1)  # it may have grown, or be one whose size the system does not know
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        raise Unreadable(getattr(error, "strerror", None) or str(error)) from None
    if len(data) > most:
        raise Unreadable(f"more than the {most:,} bytes allowed ({setting})")
    return data
