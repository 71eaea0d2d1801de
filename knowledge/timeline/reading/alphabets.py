"""A file's bytes as text, whatever alphabet they are in."""

from __future__ import annotations

from knowledge.timeline.reading.errors import TimelineFileError

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(content: bytes, name: str) -> tuple[str, str]:
    """The text, and a note where it was not in UTF-8. Raises TimelineFileError for bytes that are no text."""
    for mark, alphabet in _MARKS:
        if content.startswith(mark):
            return _strictly(content, alphabet, name), "" if alphabet == "utf-8-sig" else "read as UTF-16"
    if alphabet := _without_mark(content):
        return _strictly(content, alphabet, name), "read as UTF-16"
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _as_windows(content, name), "not in UTF-8: read as Windows-1252"


def _without_mark(content: bytes) -> str:
    """The kind of UTF-16 of a file without a mark: every other byte of its beginning is nothing."""
    head = content[:200]
    if len(head) >= 4 and head[0] == 0 and not any(head[0::2]):
        return "utf-16-be"
    return "utf-16-le" if len(head) >= 4 and head[1] == 0 and not any(head[1::2]) else ""


def _strictly(content: bytes, alphabet: str, name: str) -> str:
    try:
        return content.decode(alphabet)
    except UnicodeDecodeError as error:
        raise TimelineFileError(
            f"{name}: says it is in {alphabet.upper()[:6]} and byte {error.start + 1:,} is not. "
            "Download it again, or save it as UTF-8."
        ) from None


def _as_windows(content: bytes, name: str) -> str:
    if b"\x00" in content[:10_000]:
        raise TimelineFileError(f"{name}: is no text in any alphabet the desk knows. Save it as UTF-8.")
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")
