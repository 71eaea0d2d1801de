"""A JSON file or a feed's answer as statements, whatever it is: release package, record package, release, or list."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from knowledge.documents.reading import Limits
from knowledge.timeline.nouns import Read, Statement
from knowledge.timeline.reading.alphabets import decode
from knowledge.timeline.reading.errors import TimelineFileError
from knowledge.timeline.reading.notice_list import read_notice
from knowledge.timeline.reading.ocds import read_release
from knowledge.timeline.reading.parsing import entries, mend, parse
from knowledge.timeline.reading.parts import Part
from knowledge.timeline.reading.record_packages import read_record
from knowledge.timeline.reading.releases import read_entries

_LISTS: tuple[tuple[str, Callable[[Part], Statement]], ...] = (
    ("records", read_record), ("releases", read_release), ("contracts", read_notice),
)  # fmt: skip
_WANTED = (
    'The desk reads OCDS release packages ("releases"), record packages ("records"), single releases, and lists of '
    'notices ("contracts").'
)


def read_json(path: Path, limits: Limits | None = None) -> Read:
    """What a file says. Raises TimelineFileError where it is none of these, or larger than a file may be."""
    most = (limits or Limits()).file_bytes
    try:
        if not path.is_file():
            raise TimelineFileError(f"{path.name}: is no file. Check its name.")
        if path.stat().st_size > most:
            raise TimelineFileError(
                f"{path.name}: is larger than {most // 1_000_000} MB. Cut it into smaller packages."
            )
        content = path.read_bytes()
    except OSError as error:
        raise TimelineFileError(
            f"{path.name}: cannot be opened: {error.strerror}. Check its name and rights."
        ) from None
    return read_json_text(content, path.name)


def read_json_text(text: bytes, name: str) -> Read:
    """What a text says; `name` is what its errors call it. Raises TimelineFileError."""
    content, note = decode(text, name)
    if not content.strip():
        raise TimelineFileError(f"{name}: is empty. Download it again.")
    try:
        return _whole(parse(content), name, note)
    except json.JSONDecodeError as error:
        return _broken(content, name, note, f"{name}, line {error.lineno}: is no JSON: {error.msg.lower()}")
    except (RecursionError, ValueError):
        return _broken(content, name, note, f"{name}: is nested too deeply to be read")


def _whole(value: Any, name: str, note: str) -> Read:
    if not isinstance(value, dict):
        raise TimelineFileError(f"{name}: holds {_what(value)} where an object should be. {_WANTED}")
    there = [one for one in _LISTS if one[0] in value and not (one[0] == "contracts" and "ocid" in value)]
    if there:
        key, read = min(there, key=lambda one: not value[one[0]])
        return read_entries(_listed(value, key, name), read, note)
    if "ocid" in value:
        return read_entries([value], read_release, note)
    raise TimelineFileError(f"{name}: has neither releases nor records nor notices. {_WANTED}")


def _listed(package: dict[str, Any], key: str, name: str) -> list[Any]:
    found = package[key]
    if not isinstance(found, list):
        raise TimelineFileError(
            f'{name}: "{key}" is {_what(found)} and no list, so there is nothing to read in it. {_WANTED}'
        )
    return found


def _broken(content: str, name: str, note: str, why: str) -> Read:
    """A text that is no JSON as it stands: mended, else its entries one by one. Raises TimelineFileError where neither
    gives any."""
    try:
        value = parse(mend(content))
    except (ValueError, RecursionError):
        return _piecemeal(content, name, note, why)
    return _whole(value, name, "; ".join(filter(None, (note, f"{why}: mended"))))


def _piecemeal(content: str, name: str, note: str, why: str) -> Read:
    for key, read in _LISTS:
        found = list(entries(content, key)) if key != "contracts" or '"ocid"' not in content else []
        if any(isinstance(one, dict) for one in found):
            return read_entries(found, read, note, f"{why}; its {key} were read one by one")
    page = " It looks like a web page." if content.lstrip().startswith("<") else ""
    raise TimelineFileError(f"{why}.{page} Download it again, or ask its publisher to mend it.")


def _what(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")
