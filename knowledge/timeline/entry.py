"""An intention in the making: what the record holds of it, and what is to be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
    written yet; `joined_to`: the intention it has turned out to be; `keys`: those to be added; `rows`: the rows of
    the template that speak of it; `fresh`: it is not in the record yet; `turned`: it has turned out to be the council's
    own; `let_out`: what waited need wait no more, though nothing new is said; `before`: the version that everybody
    could read when it was last written, None for none; `told`: how many notifications were owed then."""

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
    rows: set[str] = field(default_factory=set)
    fresh: bool = False
    touched: bool = False
    turned: bool = False
    let_out: bool = False
    before: int | None = None
    told: int = 0

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
            self.judge(now)
            return False
        self.about, self.version = after, self.version + 1
        self.held = self._why_held(terms, now)
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
            self._show(now)
        return True

    def claim(self, buyer: str, buyer_id: str) -> None:
        """Has it be the council's own, by the name and number that feeds write for it."""
        if not self.own:
            self.own, self.turned, self.buyer, self.buyer_id = True, True, buyer[:400], buyer_id[:100]

    def judge(self, now: datetime) -> None:
        """Decides anew whether what stands may be shown, where it waited or has become the council's own."""
        waited = self.held
        if waited or self.turned:
            self.held = self._why_held(self.terms, now)
        if waited and not self.held:
            self.let_out = True
            self._show(now)

    def _why_held(self, terms: Terms, now: datetime) -> str:
        named = self.own_terms.get("related")
        return held_back(terms, self.statements, day_of(now), named.value if named else ()) if self.own else ""

    def _show(self, now: datetime) -> None:
        self.shown, self.shown_version, self.shown_at = self.about, self.version, now


def together(stays: Entry, others: Iterable[Entry]) -> Entry:
    """An intention as it would be if others were joined to it."""
    statements, own = list(stays.statements), dict(stays.own_terms)
    for one in others:
        statements += one.statements
        own = {**one.own_terms, **own}
    return replace(stays, statements=statements, own_terms=own)
