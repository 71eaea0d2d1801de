"""The list of erasures that stands beside a record, and goes where the record goes: added to, never replaced."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from knowledge.copying.moving import same_place
from knowledge.retention.erasures import Entry, Erasures

FILE = "erasures.jsonl"


def list_beside(url: str, own: str, home: Path) -> Erasures:
    """The list of the record at an address. `own`: the address of this desk's own, whose list is under DESK_HOME, as is
    that of any on PostgreSQL; any other SQLite file's is beside it."""
    parsed = sa.make_url(url)
    beside = parsed.get_backend_name() == "sqlite" and not same_place(url, own)
    return Erasures((Path(parsed.database or "").parent if beside else home) / FILE)


def carry(entries: Iterable[Entry], to: Erasures) -> int:
    """Adds those that are not on a list yet. Returns how many. Raises ErasuresError for a list that cannot be read."""
    held = set(to.all())
    missing = [one for one in dict.fromkeys(entries) if one not in held]
    for entry in missing:
        to.add(entry)
    return len(missing)
