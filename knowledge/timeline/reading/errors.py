"""What stops the reading of a whole file."""

from __future__ import annotations


class TimelineFileError(Exception):
    """A file that cannot be read at all. Its text names the file, the line where that is known, the reason, and what
    to do."""
