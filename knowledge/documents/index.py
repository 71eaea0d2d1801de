"""The search index: a SQLite file built with sqlite-utils from the record and the pack. It can be thrown away; it is
made anew beside the old one and swapped in when what it was built from has changed."""

from __future__ import annotations

from pathlib import Path

from knowledge import library
from knowledge.documents.filling import Papers, fill
from knowledge.documents.sayings import own_sayings
from knowledge.indexfile import stamp_of, write_index
from knowledge.pack import Pack
from knowledge.questions.learnt import live
from knowledge.store import Store

FORMAT = "11"
"""Raised when the index is laid out or analysed in another way."""


def ensure_index(store: Store, pack: Pack, path: Path) -> bool:
    """Builds the index where there is none or what it was built from has changed. True where it was built."""
    if stamp_of(path) == wanted_stamp(store, pack):
        return False
    build_index(store, pack, path)
    return True


def wanted_stamp(store: Store, pack: Pack) -> str:
    """What an index built now would be built from."""
    with store.reading() as connection:
        return _stamp(library.edition(connection), pack)


def _stamp(edition: int, pack: Pack) -> str:
    return f"{FORMAT}:{edition}:{pack.fingerprint}"


def build_index(store: Store, pack: Pack, path: Path) -> None:
    """Builds the whole index beside the old one, then puts it in its place in one step. The papers are read one after
    the other, as one moment has them."""
    with store.reading() as connection:
        stamp = _stamp(library.edition(connection), pack)
        papers = Papers(library.documents(connection), lambda about: library.passages(connection, about.id))
        own, sayings = live(connection), own_sayings(connection)
        write_index(path, stamp, lambda db: fill(db, papers, pack, own, sayings))
