"""JSON as feeds write it: numbers that are none are read as nothing, and one broken entry does not lose the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

_LONGEST_NUMBER = 40
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[^"]+|"', re.S)
_BROKEN = (
    (re.compile(r"(?<=[:\[,\s])([-+]?)0+(?=\d)"), r"\1"),
    (re.compile(r"(?<=[:\[,])(\s*)\+(?=\d)"), r"\1"),
    (re.compile(r"(?<=[:\[,])(\s*)(-?)\.(?=\d)"), r"\g<1>\g<2>0."),
    (re.compile(r"(\d)\.(?=[\s,\]}eE])"), r"\1.0"),
    (re.compile(r"(?<=[:\[,\s])(?:NaN|nan|undefined|None|-?Inf(?:inity)?|-)(?=\s*[,\]}])"), "null"),
    (re.compile(r":(\s*)(?=[,}])"), r":\1null"),
    (re.compile(r",(\s*)(?=[}\]])"), r"\1"),
)
"""What is put right outside quotation marks: leading noughts, a sign or a point alone, nothing where a value stands, a
comma too many."""


@dataclass(frozen=True)
class Broken:
    """An entry that is no JSON. `line`: where; `why`: in plain words."""

    line: int
    why: str


def parse(text: str) -> Any:
    """The value. Raises ValueError (json.JSONDecodeError with a place) and RecursionError."""
    return _DECODER.decode(text)


def mend(text: str) -> str:
    """A text with what is often broken outside quotation marks put right: it may be JSON then."""
    return "".join(piece if piece[0] == '"' else _put_right(piece) for piece in _PIECE.findall(text))


def entries(text: str, key: str) -> Iterator[Any]:
    """The entries of the list under a key of a text that as a whole is no JSON, each parsed by itself, or Broken."""
    start = re.search(rf'"{key}"\s*:\s*\[', text)
    at = start.end() if start else len(text)
    while (at := _skip(text, at)) < len(text) and text[at] != "]":
        stop = _end_of(text, at)
        if not _FOLLOWED.match(text, stop):
            stop = _next_start(text, at + 1)
        yield _entry(text, at, stop)
        at = max(stop, at + 1)


def _skip(text: str, at: int) -> int:
    """Past blanks and commas."""
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _next_start(text: str, at: int) -> int:
    """Where the next entry begins that can be read, behind one whose brackets or quotation marks do not match; the
    end of the text for none."""
    for found in islice(_OBJECT.finditer(text, at), _MOST_TRIES):
        try:
            value, _ = _DECODER.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and "ocid" in value:
            return found.start()
    return len(text)


def _entry(text: str, start: int, stop: int) -> Any:
    try:
        return parse(text[start:stop])
    except (ValueError, RecursionError):
        return _mended(text[start:stop].rstrip(", \t\r\n"), text.count("\n", 0, start) + 1)


def _mended(text: str, line: int) -> Any:
    """An entry with its numbers put right, or Broken."""
    try:
        return parse(mend(text))
    except json.JSONDecodeError as error:
        where = line + error.lineno - 1
        return Broken(where, f"is broken JSON in line {where}: {error.msg[:1].lower()}{error.msg[1:]}")
    except (ValueError, RecursionError):
        return Broken(line, f"is broken JSON from line {line} on: it is nested too deeply")


def _put_right(piece: str) -> str:
    for wrong, right in _BROKEN:
        piece = wrong.sub(right, piece)
    return piece


def _end_of(text: str, start: int) -> int:
    """Where the entry that begins here ends: behind its last bracket, or before the comma; the end of the text for
    none."""
    depth = 0
    for found in _MARK.finditer(text, start):
        mark = found[0][0]
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth <= 0:
                return found.end() if depth == 0 else found.start()
        elif mark == "," and depth == 0:
            return found.start()
    return len(text)


def _float(text: str) -> Decimal | None:
    try:
        return Decimal(text) if len(text) <= _LONGEST_NUMBER else None
    except InvalidOperation:
        return None


def _int(text: str) -> int | None:
    return int(text) if len(text) <= _LONGEST_NUMBER else None


_MOST_TRIES = 20_000
_FOLLOWED = re.compile(r"\s*[,\]]")
_OBJECT = re.compile(r"(?<=[,\s\]}])\{(?=\s*\")")
_BETWEEN = re.compile(r"[\s,]*")
_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]', re.S)
_DECODER = json.JSONDecoder(parse_float=_float, parse_int=_int, parse_constant=lambda _: None, strict=False)
