"""What is wrong with a whole file."""

from __future__ import annotations


class TimelineFileError(Exception):
    """A file the timeline cannot be read from. Its text says what was found, and what is known."""
