"""The register's index to search now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from knowledge.current import Current, untold
from knowledge.register.index import build_index, wanted_stamp
from knowledge.register.reader import RegisterReader
from knowledge.services import Catalogue
from knowledge.store import Store


def current_register(
    store: Store, catalogue: Catalogue, path: Path, on_error: Callable[[str, Exception], None] = untold
) -> Current[RegisterReader]:
    """Hands out the index of this record's register at `path`, built anew where the register has changed."""
    return Current(
        path,
        wanted=lambda: wanted_stamp(store, catalogue),
        build=lambda: build_index(store, catalogue, path),
        opened=lambda: RegisterReader(path),
        on_error=on_error,
    )
