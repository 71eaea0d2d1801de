"""`documents.csv`, the list beside the files: what each paper is, what it replaces, who may see it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.documents.reading import Unreadable, bytes_of, decode
from knowledge.models import Access, Document

NAME = "documents.csv"
_LONGEST_ID = 200
"""What the record's column holds."""
_COLUMNS = ("title", "publisher", "published", "kind", "status", "supersedes", "note")


@dataclass(frozen=True)
class Problem:
    """A file or a row that was not taken, and why. `file` is a name for people."""

    file: str
    reason: str


@dataclass
class Catalogue:
    """The rows of one documents.csv by file name, and what was wrong with others."""

    rows: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)
    breaks_off: bool = False
    """Files whose row is bad, and whether the list cannot be read to its end. Who may read those files cannot be told,
    so they are not taken until it is put right."""

    def holds_back(self, name: str) -> bool:
        """Whether this file waits for its row to be put right."""
        return name in self.held_back or (self.breaks_off and name not in self.rows)


def load_catalogue(path: Path) -> Catalogue:
    """The list in this file. A bad row is a problem, and the rest is read."""
    found = Catalogue()
    try:
        text = decode(bytes_of(path))
    except Unreadable as error:
        found.problems.append(Problem(path.name, str(error)))
        return found
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if "file" not in (reader.fieldnames or ()):
            found.problems.append(Problem(path.name, "line 1: no column named file, so the list was not used"))
            return found
        for row in reader:
            _take(found, row, f"{path.name}, line {reader.line_num}")
    except csv.Error as error:
        found.breaks_off = True
        reason = f"{error}; is a quotation mark not closed? No file is read that is not listed before"
        found.problems.append(Problem(f"{path.name}, line {reader.line_num}", reason))
    return found


def _take(found: Catalogue, given: dict[str, str], place: str) -> None:
    row = {key: (value or "").strip() for key, value in given.items() if key and isinstance(value, str)}
    if not any(row.values()):
        return
    name = row.get("file", "")
    try:
        about = _document(row)
        if any(about.id == other.id for other in found.rows.values()):
            raise ValueError(f"the id {about.id!r} is used twice")
        if name in found.rows:
            raise ValueError(f"{name!r} is listed twice")
    except ValueError as error:
        held = f"; {name!r} is not read until this is put right" if name else ""
        found.problems.append(Problem(place, f"{error}{held}"))
        found.held_back.update({name} - {""})
        return
    found.rows[name] = about


def unlisted(path: Path) -> Document:
    """A document no list tells of: internal, its id the file's stem."""
    name, stem = (text.encode(errors="replace").decode() for text in (path.name, path.stem))  # a name may be no text
    return Document(id=plain_id(stem), file=name, title=" ".join(stem.split()), access=Access.INTERNAL)


def plain_id(text: str) -> str:
    """Letters, digits, dot, dash and underscore, so that an id can stand in a link and in a line of text."""
    return re.sub(r"[^\w.-]+", "-", text)[:_LONGEST_ID].strip("-") or "document"


def _document(row: dict[str, str]) -> Document:
    if not row.get("file"):
        raise ValueError("no file named")
    given = row.get("access", "").lower() or Access.INTERNAL.value
    if given not in {access.value for access in Access}:
        raise ValueError(f"access is {given!r}; it is public, internal or confidential")
    known = {column: row.get(column, "") for column in _COLUMNS}
    stem = Path(row["file"]).stem
    known["title"] = known["title"] or stem
    about = {"id": plain_id(row.get("id") or stem), "file": row["file"], "access": given}
    return Document.model_validate({**known, **about})
