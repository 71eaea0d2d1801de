"""What this machine holds of its own: its indexes, and room for its files."""

from __future__ import annotations

import shutil
from pathlib import Path

from knowledge.documents.index import wanted_stamp as wanted_of_papers
from knowledge.indexfile import stamp_said
from knowledge.pack import Pack
from knowledge.register.index import wanted_stamp as wanted_of_register
from knowledge.services import Catalogue
from knowledge.status.nouns import Held, Machine
from knowledge.store import Store


def machine(store: Store, pack: Pack, catalogue: Catalogue, index_path: Path, register_path: Path) -> Machine:
    """Looks at the two index files and at the disk that they are on. Takes as long however large they are."""
    return Machine(
        papers=held(index_path, wanted_of_papers(store, pack)),
        register_index=held(register_path, wanted_of_register(store, catalogue)),
        free=shutil.disk_usage(_there(index_path.parent)).free,
    )


def held(path: Path, wanted: str) -> Held:
    """The index at a path, beside the stamp of one that were built now."""
    stamp = stamp_said(path)
    return Held(edition=_edition(stamp), wanted=_edition(wanted), behind=stamp != wanted)


def _edition(stamp: str) -> int | None:
    """A stamp says its format, its edition, and a fingerprint."""
    number = stamp.partition(":")[2].partition(":")[0]
    return int(number) if number.isdecimal() else None


def _there(folder: Path) -> Path:
    return folder if folder.exists() else _there(folder.resolve().parent)
