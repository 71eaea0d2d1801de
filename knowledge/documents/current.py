"""The index of the documents to search now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from knowledge.current import Current, untold
from knowledge.documents.index import build_index, wanted_stamp
from knowledge.documents.search import Index
from knowledge.pack import Pack
from knowledge.store import Store


def current_index(
    store: Store, pack: Pack, path: Path, on_error: Callable[[str, Exception], None] = untold
) -> Current[Index]:
    """Hands out the index of this record's documents at `path`, built anew where the record has moved on."""
    return Current(
        path,
        wanted=lambda: wanted_stamp(store, pack),
        build=lambda: build_index(store, pack, path),
        opened=lambda: Index(path, pack),
        on_error=on_error,
    )
