"""Filling in a form in a terminal, field by field."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from rich.text import Text

from bot.terminal import clean, complain, console
from handlers.messages import Entry, File, Form
from knowledge.documents.reading import Unreadable, bytes_of


class Filled(NamedTuple):
    """What was filled in."""

    fields: dict[str, str]
    files: tuple[File, ...] = ()


def fill(form: Form, most_bytes: int, before: Filled | None = None) -> Filled | None:
    """Asks for each field; of a form that came back, only for what was wrong. None where whoever was asked broke off
    (Ctrl-D, Ctrl-C). An empty line leaves a field as it is; `most_bytes` a file may have."""
    fields = {entry.name: entry.value for entry in form.entries if entry.kind != "files"}
    files = before.files if before else ()
    try:
        for entry in form.entries:
            if form.errors and not entry.error:
                continue
            _introduce(entry)
            if entry.kind == "files":
                files = _files(most_bytes)
            else:
                fields[entry.name] = _said(entry)
    except (EOFError, KeyboardInterrupt):
        print()
        return None
    return Filled(fields, files)


_HOW = {
    "long": "an empty line ends it", "files": "a file's path a line, an empty line ends it",
    "several": "their numbers with commas; - for none",
}  # fmt: skip


def _introduce(entry: Entry) -> None:
    how = _HOW.get(entry.kind, "")
    console.print(Text(clean(entry.label), style="bold"))
    small = [entry.hint, "" if entry.required else "May be left empty.", f"({how})" if how else ""]
    if any(small):
        console.print(Text(clean(" ".join(filter(None, small))), style="dim"))
    if entry.error:
        console.print(Text(clean(entry.error), style="red"))
    for number, (_, label) in enumerate(entry.options, start=1):
        console.print(f"  {number}. {clean(label)}", markup=False)


def _said(entry: Entry) -> str:
    if entry.kind == "long":
        return "\n".join(_lines()) or entry.value
    text = input(f"[{entry.value}] " if entry.value else "> ").strip()
    if entry.kind == "several":
        return _chosen(text, entry)
    if text.isdigit() and 0 < int(text) <= len(entry.options):
        return entry.options[int(text) - 1][0]
    return text or entry.value


def _chosen(text: str, entry: Entry) -> str:
    """Several options by number or value, joined by commas; nothing typed leaves those that were chosen."""
    if not text:
        return entry.value
    said = [one.strip() for one in text.split(",")]
    numbered = {str(number): value for number, (value, _) in enumerate(entry.options, start=1)}
    return ",".join(dict.fromkeys(numbered.get(one, one) for one in said if one.strip("-")))


def _lines() -> list[str]:
    lines = []
    while line := input("> ").rstrip():
        lines.append(line)
    return lines


def _files(most_bytes: int) -> tuple[File, ...]:
    found = []
    for line in _lines_of_paths():
        try:
            found.append(read_file(Path(line).expanduser(), most_bytes))
        except OSError as error:
            complain(f"{line}: {error.strerror or error}")
    return tuple(found)


def _lines_of_paths() -> list[str]:
    return [line.strip().strip("'\"") for line in _lines()]


def read_file(path: Path, most_bytes: int) -> File:
    """A file as it is sent along. Raises OSError, also where it is larger than anything that would be kept."""
    try:
        return File(name=path.name, content=bytes_of(path, most_bytes, "of one file"))
    except Unreadable as error:
        raise OSError(str(error)) from None
