"""A file of intentions or notices, whatever its kind."""

from __future__ import annotations

from pathlib import Path

from knowledge.documents.reading import Limits, Unreadable, check_file
from knowledge.timeline.nouns import Read
from knowledge.timeline.reading.errors import TimelineFileError
from knowledge.timeline.reading.jsonfile import read_json
from knowledge.timeline.reading.tables import read_table

_BEGINS_JSON = (b"{", b"[")


def read_timeline(path: Path, limits: Limits | None = None) -> Read:
    """What a file says: JSON by how it begins, whatever its name, else a table. Raises TimelineFileError."""
    limits = limits or Limits()
    try:
        check_file(path)
        is_json = _is_json(path)
    except (Unreadable, OSError) as error:
        raise TimelineFileError(f"{path.name}: {getattr(error, 'strerror', None) or error}") from None
    return read_json(path, limits) if is_json else read_table(path, limits)


def _is_json(path: Path) -> bool:
    if path.suffix.lower() in (".json", ".jsonl"):
        return True
    with path.open("rb") as stream:
        head = stream.read(200).removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n")
    return head.startswith(_BEGINS_JSON)
