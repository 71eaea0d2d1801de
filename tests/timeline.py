"""What tests of the timeline are made of: invented notices and rows of Marlshire, taken in as imports are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from knowledge.store import Store
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.history import Whole, whole
from knowledge.timeline.importing import Report, take_in
from knowledge.timeline.nouns import Read, Row, Source, Stage, State, Statement, Terms
from knowledge.timeline.when import read_when

MARLSHIRE = "Marlshire County Council"
OURS = Buyers.of(f"{MARLSHIRE}; GB-PPON-MARL-0001-CNTY")
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_TIMES = ("engagement", "tender", "closes", "award", "start", "end")


def terms(title: str = "Home care in Gullhaven", **said: Any) -> Terms:
    """Terms of an intention; times as people write them, sums in pounds."""
    times = {name: read_when(said.pop(name)) for name in _TIMES if name in said}
    sums = {name: Decimal(said.pop(name)) for name in ("low", "high") if name in said}
    return Terms(title=title, **times, **sums, **said)


def tender(**said: Any) -> Terms:
    """Terms of a live tender."""
    return terms(**{"stage": Stage.DO, "state": State.OPEN, "high": 500_000, "closes": "2027-01-15", **said})


def statement(
    id: str = "012345-2026", says: Terms | None = None, *, day: str = "2026-11-01", kind: str = "UK4",
    source: Source = Source.FIND_A_TENDER, keys: tuple[str, ...] = (), buyer: str = MARLSHIRE, **more: Any,
) -> Statement:  # fmt: skip
    """What one notice says."""
    at = datetime.fromisoformat(day if len(day) > 7 else f"{day}-01").replace(tzinfo=UTC)
    return Statement(source=source, id=id, kind=kind, at=at, keys=keys, buyer=buyer, terms=says or tender(), **more)


def row(reference: str = "ASC-01", says: Terms | None = None, *, reason: str = "", **more: Any) -> Row:
    """A row of the template that has the columns its terms fill."""
    said = says or terms()
    return Row(reference=reference, says=frozenset(said.said()), terms=said, reason=reason, **more)


def take(
    store: Store,
    *given: Statement | Row,
    now: datetime = NOW,
    buyers: Buyers = OURS,
    own_only: bool = False,
    announce: bool = True,
) -> Report:
    """Takes notices and rows in, as one file."""
    numbered = list(enumerate(given, start=1))
    read = Read(
        records=len(numbered),
        statements=tuple((at, one) for at, one in numbered if isinstance(one, Statement)),
        rows=tuple((at, one) for at, one in numbered if isinstance(one, Row)),
    )
    with store.writing() as connection:
        return take_in(connection, read, now, buyers, source="test", own_only=own_only, announce=announce)


def seen(store: Store, reference: str, now: datetime = NOW) -> Whole:
    """An intention as the council sees it."""
    with store.reading() as connection:
        found = whole(connection, reference, now)
    assert found is not None, reference
    return found


def references(store: Store) -> Iterable[str]:
    """Every intention held."""
    from knowledge.timeline.history import everything

    with store.reading() as connection:
        return [one.intention.reference for one in everything(connection, NOW)]
