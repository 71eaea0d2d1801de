"""What a piece of work on the timeline changes, and what was there before: for showing it, and for undoing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge.store import aware
from knowledge.tables import notice
from knowledge.timeline.entry import Entry
from knowledge.timeline.folding import Own
from knowledge.timeline.nouns import Version

Place = tuple[str, str]
"""A notice by its source and number."""


@dataclass
class Before:
    """An intention as it was met. `version`: 0 for one that was begun; `after`: the version it was left at."""

    reference: str
    version: int
    own_terms: dict[str, Own]
    after: int = 0


@dataclass
class Ledger:
    """Kept by a book. `touched`: intentions by their numbers; `notices`: what each notice, or row of the template, that
    was kept said before, as JSON writes it, None where it was new; `versions`: those that were made, each with the
    reference and title of its intention; `joined`: intentions that turned out to be one."""

    touched: dict[int, Before] = field(default_factory=dict)
    notices: dict[Place, dict[str, Any] | None] = field(default_factory=dict)
    versions: list[tuple[str, str, Version]] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)
    _met: dict[int, Before] = field(default_factory=dict)

    def met(self, entries: Iterable[Entry]) -> None:
        """Intentions as they are found, or begun: the first time counts."""
        for one in entries:
            self._met.setdefault(one.id, Before(one.reference, one.version, dict(one.own_terms)))

    def keeps(self, connection: Connection, fresh: Iterable[Place], again: Iterable[Place]) -> None:
        """Notices are about to be written: those that are new, and those that say something else than they do now."""
        for place in fresh:
            self.notices.setdefault(place, None)
        for source, number in again:
            if (source, number) in self.notices:
                continue
            here = sa.and_(notice.c.source == source, notice.c.number == number)
            row = connection.execute(sa.select(notice).where(here)).one()
            said = {"kind": row.kind, "at": aware(row.at).isoformat(), "checksum": row.checksum, "about": row.about}
            self.notices[source, number] = said

    def wrote(self, entries: Iterable[Entry]) -> None:
        """Intentions are written."""
        for one in entries:
            self.touched.setdefault(one.id, self._met[one.id]).after = one.version
            self.versions += [(one.reference, one.terms.title, version) for version in one.versions]
            if one.joined_to:
                self.joined |= {one.id, one.joined_to}
