"""An intention in the making: what the record holds of it, and what is to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from knowledge.timeline.differing import as_record, differences, kind_of
from knowledge.timeline.folding import Own, fold
from knowledge.timeline.necessity import held_back
from knowledge.timeline.nouns import Change, Kind, Statement, Terms, Version
from knowledge.workdays import day_of


@dataclass(eq=False)
class Entry:
    """An intention while it is worked on. `shown`: its public terms as the record writes them; `versions`: those not
    written yet; `joined_to`: the intention it has turned out to be; `keys`: those to be added; `fresh`: it is not in
    the record yet."""

    id: int
    reference: str
    buyer: str
    buyer_id: str
    own: bool
    version: int = 0
    about: dict[str, Any] = field(default_factory=dict)
    own_terms: dict[str, Own] = field(default_factory=dict)
    held: str = ""
    shown: dict[str, Any] | None = None
    shown_version: int | None = None
    shown_at: datetime | None = None
    joined_to: int | None = None
    statements: list[Statement] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    fresh: bool = False
    touched: bool = False

    @property
    def terms(self) -> Terms:
        """What is said of it, all told."""
        return fold(self.statements, self.own_terms)

    def saying(self, own: Mapping[str, Own]) -> list[Change]:
        """What would change if the council said this as well."""
        return differences(self.about, as_record(fold(self.statements, {**self.own_terms, **own})))

    def settle(
        self, now: datetime, said_at: datetime, reason: str, *, by: int | None = None, more: tuple[Change, ...] = ()
    ) -> bool:
        """Makes a version of what has changed since the last one, and shows it to everybody unless it has to wait.
        `more`: changes beside those of the terms. False where nothing has changed."""
        terms = self.terms
        after = as_record(terms)
        changes = (*differences(self.about, after), *more)
        self.touched = True
        if not changes and not self.fresh:
            return False
        self.about, self.version = after, self.version + 1
        named = self.own_terms.get("related")
        self.held = held_back(terms, self.statements, day_of(now), named.value if named else ()) if self.own else ""
        first = self.fresh and self.version == 1
        released = None if self.held else now
        self.versions.append(
            Version(
                number=self.version, at=now, said_at=said_at, released_at=released,
                kind=Kind.ADDED if first else kind_of(changes), changes=() if first else changes,
                reason=reason, by=by,
            )
        )  # fmt: skip
        if released:
            self.shown, self.shown_version, self.shown_at = after, self.version, now
        return True
