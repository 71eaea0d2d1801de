"""A pack: what the desk brings along for one council's papers, as data an administrator can read and edit.

A folder with any of
  papers.csv      id,title,publisher,published,kind,status,access   whose paper a digest entry rests on, who may know
  outlines/       <document id>.toml                         how a paper is cut (knowledge.documents.outline)
  digest/         <document id>.jsonl                        our own words on its passages, with ways of asking
  unsaid/         <document id>.jsonl                        what people ask beside a passage and no paper says
  vocabulary.csv  say,means,kind,note                        what people say for what the papers say
  same.csv        words,asking,note                          words that mean the same, in groups; `asking`: those that
                                                             people only ask with, never to be looked for
  checklists.csv  name,also,title,stage,document,locators    lists of its papers that open as checklists
  replaced.csv    document,words,by,locator,note             what became of what a paper proposed
  questions.txt   one a line                                 what to try first
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from knowledge.checklists.sources import NAME as CHECKLISTS
from knowledge.checklists.sources import Source, source_of
from knowledge.documents.outline import Outline, load_outline
from knowledge.documents.replaced import NAME as REPLACED
from knowledge.documents.replaced import Replaced, replaced_of
from knowledge.models import DigestEntry, Document, Noun, Unsaid

Line = TypeVar("Line", bound=Noun)


class PackError(Exception):
    """A pack that cannot be used. Its text names the file, the line and the reason."""


@dataclass(frozen=True)
class Saying:
    """A row of the vocabulary. kind: abbreviation (works both ways), everyday (one way), sense (one of several)."""

    say: str
    means: tuple[str, ...]
    kind: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Words that mean the same. `asking`: more of them, which may stand in a question and are never looked for."""

    words: tuple[str, ...]
    asking: tuple[str, ...] = ()


_TABLES = ("papers.csv", "vocabulary.csv", "same.csv")
KINDS = ("abbreviation", "everyday", "sense")


@dataclass(frozen=True)
class Pack:
    """One pack's folder."""

    folder: Path

    @cached_property
    def papers(self) -> dict[str, Document]:
        """The papers the digest rests on, by id."""
        found = (_paper(number, row) for number, row in self._rows("papers.csv"))
        return {one.id: one for one in found}

    @cached_property
    def digest(self) -> tuple[DigestEntry, ...]:
        """Every entry of every paper."""
        return tuple(self._lines("digest", DigestEntry))

    @cached_property
    def unsaid(self) -> tuple[Unsaid, ...]:
        """What no paper says, though people ask it beside a passage."""
        return tuple(self._lines("unsaid", Unsaid))

    @cached_property
    def vocabulary(self) -> tuple[Saying, ...]:
        """What people say, and what the papers say for it."""
        return tuple(saying_of(number, row) for number, row in self._rows("vocabulary.csv"))

    @cached_property
    def same(self) -> tuple[Group, ...]:
        """Groups of words that mean the same."""
        return tuple(Group(_pieces(row.get("words")), _pieces(row.get("asking"))) for _, row in self._rows("same.csv"))

    @cached_property
    def checklists(self) -> tuple[Source, ...]:
        """Which lists of the papers open as checklists."""
        try:
            return tuple(source_of(number, row) for number, row in self._rows(CHECKLISTS))
        except ValueError as error:
            raise PackError(str(error)) from None

    @cached_property
    def replaced(self) -> tuple[Replaced, ...]:
        """What became of what papers proposed."""
        try:
            return tuple(replaced_of(number, row) for number, row in self._rows(REPLACED))
        except ValueError as error:
            raise PackError(str(error)) from None

    def outline(self, document: str) -> Outline | None:
        """How this document is cut, where the pack says so. Raises OutlineError."""
        path = self._outline_path(document)
        return load_outline(path) if path else None

    def outline_bytes(self, document: str) -> bytes:
        """The outline as written, for telling whether it has changed."""
        path = self._outline_path(document)
        return path.read_bytes() if path else b""

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """What to try first, the best of them foremost."""
        path = self.folder / "questions.txt"
        return tuple(_text(path).splitlines()) if path.is_file() else ()

    @cached_property
    def fingerprint(self) -> str:
        """Changes when anything changes that an index is built from. Read once: a running desk keeps its pack."""
        told = hashlib.sha256()
        for path in [
            *(self.folder / name for name in _TABLES),
            *sorted((self.folder / "digest").glob("*")),
            *sorted((self.folder / "unsaid").glob("*")),
        ]:
            if path.is_file():
                told.update(path.name.encode() + path.read_bytes())
        return told.hexdigest()

    def _outline_path(self, document: str) -> Path | None:
        path = self.folder / "outlines" / f"{document}.toml"
        return path if _plain_name(document) and path.is_file() else None

    def _lines(self, folder: str, noun: type[Line]) -> Iterator[Line]:
        for path in sorted((self.folder / folder).glob("*.jsonl")):
            for number, line in enumerate(_text(path).splitlines(), start=1):
                if line.strip():
                    yield _line(path, number, line, noun)

    def _rows(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        path = self.folder / name
        if not path.is_file():
            return
        reader = csv.DictReader(io.StringIO(_text(path), newline=""))
        try:
            for row in reader:
                yield reader.line_num, row
        except csv.Error as error:
            raise PackError(f"{name}, line {reader.line_num}: {error}") from None


def saying_of(number: int, row: Mapping[str, str | None], name: str = "vocabulary.csv") -> Saying:
    """A row of a vocabulary's file: its columns say, means, kind, note. Raises PackError, which names the line."""
    say, kind = (row.get("say") or "").strip(), (row.get("kind") or "").strip()
    means = _pieces(row.get("means"))
    if not say or not means or kind not in KINDS:
        raise PackError(f"{name}, line {number}: needs say, means, and a kind of {', '.join(KINDS)}")
    return Saying(say, means, kind, (row.get("note") or "").strip())


def open_pack(name: str) -> Pack:
    """A pack by the name it ships under, or by the path of its folder. Raises PackError."""
    shipped = Path(str(files("knowledge").joinpath("data", name)))
    for folder in (shipped if _plain_name(name) else Path(name), Path(name)):
        if folder.is_dir():
            return Pack(folder)
    raise PackError(f"there is no pack {name!r}: neither one that ships with the desk nor a folder")


def _pieces(cell: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (cell or "").split("|") if part.strip())


def _plain_name(name: str) -> bool:
    return bool(name) and name == Path(name).name and name not in (".", "..")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"{path.name}: {error}") from None


def _paper(number: int, row: Mapping[str, str | None]) -> Document:
    try:
        return Document.model_validate({key: row[key] for key in row if key in Document.model_fields and row[key]})
    except ValidationError as error:
        reason = str(error).split("\n")[0]
        raise PackError(f"papers.csv, line {number}: {reason}") from None


def _line(path: Path, number: int, line: str, noun: type[Line]) -> Line:
    try:
        return noun.model_validate(json.loads(line))
    except (ValueError, RecursionError) as error:  # what is no JSON and what is no entry are ValueErrors
        reason = str(error).split("\n")[0]
        raise PackError(f"{path.name}, line {number}: {reason}") from None
