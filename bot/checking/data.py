"""Whether what the desk reads from files on this machine can be read, and is of today."""

from __future__ import annotations

from pathlib import Path

from bot.wiring import Wiring
from handlers.checking.findings import Finding, counted, fine, missing, warning
from knowledge import library
from knowledge.documents.index import wanted_stamp as wanted_of_papers
from knowledge.indexfile import stamp_of
from knowledge.pack import PackError
from knowledge.register.index import wanted_stamp as wanted_of_register
from knowledge.service_levels import LevelError
from knowledge.services import catalogue

LEVELS, PAPERS = "Service levels", "Papers"
_BEHIND = "It is built anew when something is asked or the desk starts; now, with: desk ask hello"


def check_levels(wiring: Wiring) -> list[Finding]:
    """The file of service levels."""
    try:
        names = [level.name for level in wiring.levels.all]
    except LevelError as error:
        return [missing(LEVELS, f"{error}.", "Mend the file that DESK_SERVICE_LEVELS names, or leave it unset")]
    return [fine(LEVELS, ", ".join(names))]


def check_papers(wiring: Wiring) -> list[Finding]:
    """The pack, the papers, and this machine's search indexes."""
    try:
        pack = wiring.pack
    except PackError as error:
        return [missing(PAPERS, f"{error}.", "Mend the pack that DESK_PACKS names")]
    with wiring.store.reading() as connection:
        held = sum(1 for _ in library.everything(connection))
    if not held:
        return [warning(PAPERS, "No papers are held, so no question about them is answered.", "desk index FOLDER")]
    behind = _behind("papers", wiring.settings.index_path, wanted_of_papers(wiring.store, pack))
    register = wanted_of_register(wiring.store, catalogue())
    behind += _behind("register", wiring.settings.register_index_path, register)
    return [fine(PAPERS, f"{counted(held, 'paper is', 'papers are')} held"), *behind]


def _behind(what: str, path: Path, wanted: str) -> list[Finding]:
    if stamp_of(path) == wanted:
        return []
    return [warning(PAPERS, f"The search index of the {what} on this machine is behind the record.", _BEHIND)]
