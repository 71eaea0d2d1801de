"""Plain text, and text out of bytes."""

from __future__ import annotations

from knowledge.documents.reading.lines import Line, Unreadable

_BINARY = "binary, not text: save it as UTF-8 text"


def decode(data: bytes) -> str:
    """Text from bytes: UTF-8 or UTF-16 by their marks, else UTF-8, else Windows' western code page."""
    text = _decoded(data)
    odd = sum(1 for char in text if ord(char) < 32 and char not in "\t\n\r\f\v")
    if odd > len(text) * 0.01 or "\x00" in text:
        raise Unreadable(_BINARY)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(
            data, "utf-16", "its byte order mark says UTF-16 and the rest does not follow it: save it as UTF-8"
        )
    if b"\x00" in data:
        raise Unreadable(_BINARY)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strict(data, "cp1252", "neither UTF-8 nor Windows-1252 text: save it as UTF-8")


def _strict(data: bytes, encoding: str, reason: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(f"{reason} (byte {error.start})") from None


def plain_lines(text: str) -> list[Line]:
    """Lines as they stand. Form feeds count pages."""
    page = 1 if "\f" in text else None
    lines = []
    for raw in text.split("\n"):
        for number, piece in enumerate(raw.split("\f")):
            if number and page is not None:
                page += 1
            lines.append(Line(piece, page=page))
    return lines
