"""Files of JSON lines as people write and machines send them: each line a value, or the reason why it is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.documents.reading import Unreadable, bytes_of


class NoJson(ValueError):
    """A line that is no JSON. Its text says why."""


def json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """The lines that hold anything with their numbers, each as its value or as NoJson. A line ends with a line feed and
    nothing else: JSON may hold what Python also takes for the end of a line. Raises Unreadable."""
    try:
        text = bytes_of(path).decode("utf-8-sig", "replace")
    except Unreadable as error:
        raise Unreadable(f"{path.name}: {error}") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, value_of(line)


def value_of(line: str) -> Any:
    """The value of a line, its texts without what no record takes (nothings, halves of characters), or NoJson."""
    try:
        return _writable(json.loads(line))
    except json.JSONDecodeError as error:
        return NoJson(f"no JSON: {error.msg}")
    except RecursionError:
        return NoJson("no JSON the desk reads: it is nested too deeply")
    except ValueError as error:  # a number of thousands of digits
        return NoJson(f"no JSON the desk reads: {error}")


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_writable(one) for one in value]
    if isinstance(value, dict):
        return {_writable(key): _writable(one) for key, one in value.items()}
    return value
