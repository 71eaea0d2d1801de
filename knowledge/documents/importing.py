"""Papers into the record: every file read or named with its reason, all of it in one transaction."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import Connection

from knowledge import library
from knowledge.audit import Deed, account
from knowledge.documents.catalogue import NAME, Catalogue, Problem, load_catalogue, unlisted
from knowledge.documents.cutting import cut
from knowledge.documents.outline import GENERAL, Outline, OutlineError, load_outline
from knowledge.documents.reading import Limits, Unreadable, check, read
from knowledge.models import Document, Passage
from knowledge.pack import Pack
from knowledge.store import Store

CUTTER = "3"
"""Raised when the cutting rules change, so that unchanged files are cut again."""
OUTLINE_SUFFIX = ".outline.toml"


@dataclass(frozen=True)
class Taken:
    """A file that was read. `state`: added, changed, unchanged. `notes` say what an officer should know."""

    file: str
    id: str
    state: str
    passages: int
    pages: int | None = None
    notes: tuple[str, ...] = ()


@dataclass
class Report:
    """What one run took in and what it did not."""

    taken: list[Taken] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    edition: int = 0


class Witness(Protocol):
    """Whoever has to know what is written, in the transaction that writes it."""

    def before(self, connection: Connection, ids: Sequence[str]) -> None:
        """What is about to be written: these documents."""

    def after(self, connection: Connection, report: Report, at: datetime) -> None:
        """It is written. What this raises undoes it."""


@dataclass
class _Ready:
    about: Document
    passages: list[Passage]
    position: int
    notes: tuple[str, ...]
    unchanged: bool = False


def index_documents(
    store: Store,
    paths: Sequence[Path],
    pack: Pack,
    limits: Limits | None = None,
    progress: Callable[[int, int, str], None] = lambda done, of, name: None,
    witness: Witness | None = None,
    *,
    by: str = "",
) -> Report:
    """Reads files and folders into the record. Files are read first and written together at the end, so readers see
    the old edition or the new one, and the old one stays where nothing could be read. `by`: the address of whoever
    brings them, "" for the command line."""
    report = Report()
    found = list(_files(paths, report))
    held = _held(store)
    ready: list[_Ready] = []
    seen: set[str] = set()
    for place, (path, about, noted) in enumerate(found):
        progress(place, len(found), safe_name(path))
        try:
            if about.id in seen:
                raise Unreadable(f"the id {about.id!r} is taken by another file of this run")
            ready.append(_prepare(path, about, noted, place, pack, limits or Limits(), held))
            seen.add(about.id)
        except Unreadable as refused:
            report.problems.append(Problem(safe_name(path), str(refused)))
        except OSError as error:
            report.problems.append(Problem(safe_name(path), error.strerror or str(error)))
    progress(len(found), len(found), "")
    _write(store, ready, report, witness, by)
    return report


def safe_name(path: Path) -> str:
    """A file's name on one line, whatever it holds."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in path.name)


def _files(paths: Iterable[Path], report: Report) -> Iterable[tuple[Path, Document, bool]]:
    """Every file named, with what its list says of it and whether a list does."""
    catalogues: dict[Path, Catalogue] = {}
    met: set[Path] = set()
    for path in paths:
        if not path.exists():
            report.problems.append(Problem(safe_name(path), "there is no such file or folder"))
            continue
        for file in sorted(_under(path)) if path.is_dir() else [path]:
            folder = file.parent
            if folder not in catalogues:
                listed = folder / NAME
                catalogues[folder] = load_catalogue(listed) if listed.is_file() else Catalogue()
                report.problems.extend(catalogues[folder].problems)
            about = catalogues[folder].rows.get(file.name)
            if file.resolve() not in met and not catalogues[folder].holds_back(file.name):
                yield file, about or unlisted(file), about is not None
            met.add(file.resolve())
    for folder, catalogue in catalogues.items():
        walked = any(path.is_dir() and folder.is_relative_to(path) for path in paths)
        for name in catalogue.rows:
            if walked and not (folder / name).exists():
                report.problems.append(Problem(NAME, f"{name!r} is listed and not there"))


def _under(folder: Path) -> Iterable[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and name != NAME and not name.endswith(OUTLINE_SUFFIX):
                yield Path(parent) / name


def _held(store: Store) -> dict[str, tuple[Document, int]]:
    with store.reading() as connection:
        return {
            about.id: (about, len(library.passages(connection, about.id))) for about in library.documents(connection)
        }


def _prepare(
    path: Path,
    about: Document,
    noted: bool,
    place: int,
    pack: Pack,
    limits: Limits,
    held: dict[str, tuple[Document, int]],
) -> _Ready:
    check(path, limits)
    beside = path.with_name(path.stem + OUTLINE_SUFFIX)
    outline_bytes = beside.read_bytes() if beside.is_file() else pack.outline_bytes(about.id)
    checksum = hashlib.sha256(path.read_bytes() + outline_bytes + CUTTER.encode()).hexdigest()
    notes = () if noted else (f"not in {NAME}: taken as internal, its id {about.id}",)
    before, count = held.get(about.id, (None, 0))
    if before and before == about.model_copy(update={"checksum": checksum, "pages": before.pages}):
        return _Ready(before, [None] * count, place, notes, unchanged=True)  # type: ignore[list-item]
    extract = read(path, limits)
    passages, more = _cut(about.id, extract, beside, pack)
    if not passages:
        raise Unreadable("no passages in it")
    return _Ready(
        about.model_copy(update={"checksum": checksum, "pages": extract.pages}), passages, place, notes + more
    )


def _cut(id: str, extract, beside: Path, pack: Pack) -> tuple[list[Passage], tuple[str, ...]]:  # type: ignore[no-untyped-def]
    """The passages, by the outline where there is one and it fits, else by the general rules with a note."""
    try:
        outline: Outline = load_outline(beside) if beside.is_file() else pack.outline(id) or GENERAL
        return cut(id, extract, outline), ()
    except OutlineError as error:
        return cut(id, extract, GENERAL), (f"its outline does not fit ({error}): cut by the general rules",)


def _write(store: Store, ready: Sequence[_Ready], report: Report, witness: Witness | None, by: str) -> None:
    with store.writing() as connection:
        library.hold(connection)
        at = store.now(connection)
        if witness:
            witness.before(connection, [item.about.id for item in ready if not item.unchanged])
        for item in ready:
            state = (
                "unchanged" if item.unchanged else library.put(connection, item.about, item.passages, item.position, at)
            )
            report.taken.append(
                Taken(item.about.file, item.about.id, state, len(item.passages), item.about.pages, item.notes)
            )
        changed = any(taken.state != "unchanged" for taken in report.taken)
        report.edition = library.raise_edition(connection) if changed else library.edition(connection)
        if witness:
            witness.after(connection, report, at)
        else:
            states = Counter(taken.state for taken in report.taken)
            account(connection, Deed.IMPORTED, "list", "document", at, by=by, counts=states)
