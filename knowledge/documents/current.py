"""The index to search now: opened once, opened again when the record's edition has moved on."""

from __future__ import annotations

import threading
from pathlib import Path

from knowledge.documents.index import build_index, ensure_index, stamp_of, wanted_stamp
from knowledge.documents.search import Index
from knowledge.pack import Pack
from knowledge.store import Store


class CurrentIndex:
    """Hands out the index. The first call builds it where it must; later ones answer from the old index while the new
    one is built beside it, so that nobody waits."""

    def __init__(self, store: Store, pack: Pack, path: Path) -> None:
        self._store, self._pack, self._path = store, pack, path
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._stamp = ""
        self._building: threading.Thread | None = None

    def get(self) -> Index:
        """The index, at most one edition behind for as long as a build takes."""
        wanted = wanted_stamp(self._store, self._pack)
        with self._lock:
            if self._index is None:
                ensure_index(self._store, self._pack, self._path)
                self._open()
            elif self._stamp != wanted:
                if stamp_of(self._path) not in ("", self._stamp):  # a damaged file is made anew below, not opened
                    self._open()
                if self._stamp != wanted and not (self._building and self._building.is_alive()):
                    self._building = threading.Thread(target=self._rebuild, name="index", daemon=True)
                    self._building.start()
            assert self._index is not None  # noqa: S101 - opened above
            return self._index

    def _open(self) -> None:
        self._stamp = stamp_of(self._path)
        self._index = Index(self._path, self._pack)

    def _rebuild(self) -> None:
        build_index(self._store, self._pack, self._path)
        with self._lock:
            self._open()
