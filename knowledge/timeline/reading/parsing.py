"""JSON as feeds write it: numbers that are none are read as nothing, and one broken entry does not lose the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
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


def entries(text: str, key: str) -> Iterator[Any]:
    """The entries of the list under a key of a text that as a whole is no JSON, each parsed by itself, or Broken."""
    start = re.search(rf'"{key}"\s*:\s*\[', text)
    at, end = (start.end(), len(text)) if start else (0, 0)
    while at < end:
        at = _skip(text, at)
        if at >= end or text[at] == "]":
            return
        stop = _end_of(text, at)
        yield _entry(text, at, stop)
        at = stop if stop > at else end


def _skip(text: str, at: int) -> int:
    """Past blanks and commas."""
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _entry(text: str, start: int, stop: int) -> Any:
    line = text.count("\n", 0, start) + 1
    if stop < 0 or stop > len(text):
        return Broken(line, f"is cut off: it begins in line {line} and has no end")
    try:
        return parse(text[start:stop])
    except (ValueError, RecursionError):
        return _mended(text[start:stop], line)


def _mended(text: str, line: int) -> Any:
    """An entry with its numbers put right, or Broken."""
    mended = "".join(piece if piece[0] == '"' else _put_right(piece) for piece in _PIECE.findall(text))
    try:
        return parse(mended)
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
    """Where the entry that begins here ends: behind its last bracket, or before the comma; beyond the text for none."""
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
    return len(text) + 1


def _float(text: str) -> Decimal | None:
    try:
        return Decimal(text) if len(text) <= _LONGEST_NUMBER else None
    except InvalidOperation:
        return None


def _int(text: str) -> int | None:
    return int(text) if len(text) <= _LONGEST_NUMBER else None


_BETWEEN = re.compile(r"[\s,]*")
_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]', re.S)
_DECODER = json.JSONDecoder(parse_float=_float, parse_int=_int, parse_constant=lambda _: None, strict=False)
